/** What a forger does to a signed document without its key. */

const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const read = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));

function parts(jws: string): [string, string, string] {
  const [header = '', claims = '', signature = ''] = jws.split('.');
  return [header, claims, signature];
}

/** The same document with other claims under the old signature. */
export function withClaims(jws: string, change: Readonly<Record<string, unknown>>): string {
  const [header, claims, signature] = parts(jws);
  return `${header}.${part({ ...read(claims), ...change })}.${signature}`;
}

/** The same document with another header over the old signature; `undefined` takes a member away. */
export function withHeader(jws: string, change: Readonly<Record<string, unknown>>): string {
  const [header, claims, signature] = parts(jws);
  return `${part({ ...read(header), ...change })}.${claims}.${signature}`;
}

/** One bit flipped in the middle of a part: 0 header, 1 claims, 2 signature. */
export function withByteFlipped(jws: string, index: 0 | 1 | 2): string {
  const all = parts(jws);
  const bytes = Buffer.from(all[index], 'base64url');
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 1;
  all[index] = bytes.toString('base64url');
  return all.join('.');
}
