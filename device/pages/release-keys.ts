/** The release keys as they are configured. */
import { Fault } from '../../wire/faults.ts';
import { toVerifyKey, type VerifyKey } from '../../wire/jws.ts';

/** @param xs  the `x` of each Ed25519 key. @throws Fault CONFIG_INVALID for one that is none */
export const toReleaseKeys = (xs: readonly string[]): Promise<VerifyKey[]> =>
  Promise.all(xs.map((x) => toVerifyKey({ kty: 'OKP', crv: 'Ed25519', x }))).catch((cause: unknown) => {
    throw new Fault('CONFIG_INVALID', { setting: 'pages.releaseKeys', why: 'no Ed25519 key' }, { cause });
  });
