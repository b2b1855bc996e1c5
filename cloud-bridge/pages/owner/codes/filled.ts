/** What is sealed is filled up, so that its length tells neither a name nor a number of digits. Pure. */
const unitBytes = 512;

/** A text as bytes, with spaces up to a whole number of units. */
export function filled(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array(Math.ceil(bytes.length / unitBytes) * unitBytes).fill(0x20);
  whole.set(bytes);
  return whole;
}
