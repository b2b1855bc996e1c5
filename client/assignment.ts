/** Signs assignments: your word that this courier's device may carry this delivery to this door. */

/** What an assignment is about; `getDelivery` answers all of it. */
export interface Assignable {
  readonly delivery: string;
  readonly hub: string;
  readonly door: string;
  /** Seconds. */
  readonly from: number;
  readonly until: number;
  readonly device: { readonly jkt: string } | null;
}

/** A private key, P-256. */
export interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

const toBase64url = (bytes: Uint8Array): string => {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};
const encode = (value: object): string => toBase64url(new TextEncoder().encode(JSON.stringify(value)));

/** The six digits that the courier's phone shows for its key: sign only when your courier reads you the same. */
export async function checkDigitsOf(jkt: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`doorward-device-check-1:${jkt}`));
  return String(new DataView(hash).getBigUint64(0) % 1_000_000n).padStart(6, '0');
}

/** RFC 7638. */
async function thumbprintOf({ kty, crv, x, y }: Jwk): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/**
 * @param carrier  your client id
 * @param jwk      your assignment key with its private half, P-256
 * @param said     the six digits that your courier reads to you
 * @returns a compact JWS for `assignDelivery`
 * @throws RangeError when nobody has taken the link, or another device has
 */
export async function signAssignment(carrier: string, jwk: Jwk, about: Assignable, said: string): Promise<string> {
  const jkt = about.device?.jkt;
  if (jkt === undefined) throw new RangeError('no device has taken the link yet');
  if ((await checkDigitsOf(jkt)) !== said) throw new RangeError('this is not the device of your courier');
  const { hub, delivery, door, from, until } = about;
  const iat = Math.floor(Date.now() / 1000);
  const jti = crypto.randomUUID().replaceAll('-', '');
  const claims = { iss: carrier, aud: hub, jti, iat, nbf: from, exp: until, delivery, door, cnf: { jkt } };
  const header = { alg: 'ES256', typ: 'assignment+jwt', kid: await thumbprintOf(jwk) };
  const text = `${encode(header)}.${encode(claims)}`;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', { ...jwk }, algorithm, false, ['sign']);
  return `${text}.${toBase64url(new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text))))}`;
}
