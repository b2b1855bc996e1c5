/** Hands a file to the browser to keep. */

/** So long its content can be fetched, ms. */
const heldMs = 60_000;

export function keepFile(name: string, type: string, parts: readonly (Uint8Array | string)[]): void {
  const url = URL.createObjectURL(new Blob(parts as BlobPart[], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), heldMs);
}
