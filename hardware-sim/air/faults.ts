/** What can go wrong between two Bluetooth devices. */

export interface AirFaults {
  /** Extra time of every packet on the air, in ms. */
  latencyMs: number;
  /** The next connections that fail with "failed to be established" (0x3e). */
  failConnects: number;
  /** A radio shadow: adverts and data go nowhere, and links die of it after their supervision timeout (reason 0x08). */
  shadow: boolean;
  /** The controller takes commands and answers nothing. */
  mute: boolean;
}

/** @returns nothing is wrong */
export const noFaults = (): AirFaults => ({ latencyMs: 0, failConnects: 0, shadow: false, mute: false });
