/** The home that this device belongs to, or asked to belong to. */
export interface Pinned {
  /** The API, no path. */
  readonly api: string;
  readonly home: string;
  readonly hub: string;
  /** Thumbprint of the hub's key, as the invitation or the code of the hand-over said it. */
  readonly hubKey: string;
  /** Newest owner list that the hub signed and this device saw; 0 before it stood in one. */
  readonly ownerList: number;
}
