/** What a visitor is shown at the door itself, by a light and a buzzer. */

/**
 * `nothing`: no visit; a door tells the street nothing of how it stands (S048). `waiting`: the visit is being prepared, or the phone's
 * "open" is awaited. `open-now`: released. `close-the-door`: until it is proven locked. `done`: it is. `alarm`: something is wrong with this visit.
 */
export type Sign = 'nothing' | 'waiting' | 'open-now' | 'close-the-door' | 'done' | 'alarm';

/** Best effort, and never in the way of a command that moves something. */
export interface Guide {
  /** Shows it in place of what was shown, as soon as the device has time. Returns at once, never throws. The same again does nothing. */
  show(sign: Sign): void;
}
