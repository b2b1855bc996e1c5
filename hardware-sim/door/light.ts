/** A light at the door, as somebody before it sees it. */

/** In the order of OSDP. */
export const colours = ['black', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white'] as const;
export type Colour = (typeof colours)[number];

/** What it shows now, and what it will by itself. */
export interface Shown {
  readonly colour: Colour;
  /** By turns `colour` for `onMs` and another for `offMs`, since `forMs`. */
  readonly blinks?: { readonly to: Colour; readonly onMs: number; readonly offMs: number; readonly forMs: number };
}

export interface Light {
  shown(): Shown;
  /** Told when it shows something else, each blink aside. @returns unsubscribe */
  onLight(listener: () => void): () => void;
}

/** The colour `ageMs` after it was looked at. */
export function colourAt({ colour, blinks }: Shown, ageMs: number): Colour {
  if (blinks === undefined) return colour;
  const { to, onMs, offMs, forMs } = blinks;
  return (forMs + ageMs) % (onMs + offMs) < onMs ? colour : to;
}
