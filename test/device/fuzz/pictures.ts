/** Surface: sealed messages and acknowledgements as bytes, and the signed documents around pictures. */
import { accept, type Verdict } from '../../../wire/faults.ts';
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import {
  frameHeader,
  headerBytes,
  joinMessage,
  maxMediaBytes,
  readAck,
  readMedia,
  writeAck,
} from '../../../wire/media.ts';
import {
  verifyLook,
  verifySight,
  verifyVideoHead,
  verifyVideoKey,
  verifyVideoShare,
} from '../../../wire/verify-video.ts';
import { lookForm, sightForm, videoHeadForm, videoKeyForm, videoShareForm } from '../../../wire/video.ts';
import { type Cast, newHubId } from '../../support/keys.ts';
import type { Ledger } from './ledger.ts';
import { mutateClaims, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Shot, Surface } from './surface.ts';

/** A signed document that is read by a pure function. */
export interface Kind {
  readonly typ: string;
  readonly signer: SignKey;
  readonly stranger: SignKey;
  readonly claims: object;
  /** Changes that each aim at one check. */
  readonly aims: readonly ((random: Random) => object)[];
  readonly verify: (jws: string) => Promise<Verdict<unknown>>;
}

const stream = newId();

export function pictureSurface(cast: Cast, ledger: Ledger): Surface {
  const kinds = kindsOf(cast);
  return async (random) => (random.chance(0.25) ? bytesShot(random) : documentShot(random.pick(kinds), random, ledger));
}

/** A document changed in one way, mostly signed again. */
export async function documentShot(kind: Kind, random: Random, ledger: Ledger): Promise<Shot> {
  const { typ, signer, stranger, claims, aims, verify } = kind;
  const aimed = random.chance(0.6);
  const again = random.chance(0.6);
  const changed = aimed ? { ...claims, ...random.pick(aims)(random) } : claims;
  const name = random.chance(0.5) ? { as: signer.kid } : 'kid';
  const signed =
    aimed && !again
      ? await ledger.sign(typ, changed, stranger, name)
      : await ledger.sign(typ, aimed || !again ? changed : mutateClaims(changed, random), signer);
  const document = aimed || again ? signed : mutateText(signed, random);
  const verdict = await verify(document);
  const violates = verdict.ok && !ledger.has(document, signer) ? [`a ${typ} that nobody signed`] : [];
  return { verdict, signedAgain: again, violates };
}

function kindsOf(cast: Cast): readonly Kind[] {
  const { nowS, hubId, doorId: door } = cast;
  const owners = [cast.owner.sign];
  const byHub = { signer: cast.hub, stranger: cast.stranger.ed };
  const byOwner = { signer: cast.owner.sign, stranger: cast.stranger.ec };
  const by = { aud: hubId, jti: newId(), iat: nowS };
  const [hash, sealed] = [hashOf('x'), 'x'.repeat(100)];
  const elsewhere = () => ({ aud: newHubId() });
  const of = { hubId, stream };
  return [
    {
      typ: videoKeyForm.typ,
      ...byHub,
      claims: { iss: hubId, stream, door, iat: nowS * 1000, codec: 'jpeg', owners: 1, sealed },
      aims: [() => ({ iss: newHubId() })],
      verify: (jws) => verifyVideoKey(jws, cast.hub, hubId),
    },
    {
      typ: videoHeadForm.typ,
      ...byHub,
      claims: { iss: hubId, stream, seq: 3, hash, at: nowS * 1000 },
      aims: [() => ({ iss: newHubId() }), () => ({ stream: newId() })],
      verify: (jws) => verifyVideoHead(jws, cast.hub, of),
    },
    {
      typ: videoShareForm.typ,
      ...byOwner,
      claims: { aud: hubId, stream, iat: nowS, to: hash, sealed },
      aims: [elsewhere],
      verify: (jws) => verifyVideoShare(jws, owners, hubId),
    },
    {
      typ: sightForm.typ,
      ...byOwner,
      claims: { ...by, stream, seq: 3, picture: hash },
      aims: [elsewhere],
      verify: (jws) => verifySight(jws, owners, hubId),
    },
    {
      typ: lookForm.typ,
      ...byOwner,
      claims: { ...by, exp: nowS + 60, door },
      aims: [
        elsewhere,
        (random) => ({ iat: nowS - 60, exp: nowS - random.int(50) }),
        (random) => ({ iat: nowS + 100, exp: nowS + 101 + random.int(50) }),
      ],
      verify: (jws) => verifyLook(jws, owners, { hubId, nowS }),
    },
  ];
}

/** A good message or acknowledgement with a few bytes changed, cut or added: what is taken is what would be written. */
function bytesShot(random: Random): Shot {
  const isAck = random.chance(0.4);
  const seq = 1 + random.int(2 ** 32 - 1);
  const head = { stream, seq, capturedMs: random.int(2 ** 50), isKey: random.chance(0.5), codec: 'jpeg' } as const;
  const good = isAck
    ? writeAck({ kind: 'stored', stream, ranges: [[1, seq]] })
    : joinMessage(frameHeader(head), new Uint8Array(17 + random.int(200)));
  const bytes = random.chance(0.2) ? joinMessage(good, new Uint8Array(maxMediaBytes)) : good;
  for (let changes = random.int(4); changes > 0; changes -= 1) bytes[random.int(headerBytes)] = random.int(256);
  const sent = random.chance(0.3) ? bytes.subarray(0, random.int(bytes.length)) : bytes;
  if (isAck) {
    const read = readAck(sent);
    const same = !read.ok || Buffer.from(writeAck(read.value)).equals(sent);
    return { verdict: read, signedAgain: false, violates: same ? [] : ['an acknowledgement that nobody writes'] };
  }
  const read = readMedia(sent);
  const isFrame = read.ok && read.value.type === 'frame';
  const same = !isFrame || Buffer.from(joinMessage(frameHeader(read.value), read.value.body)).equals(sent);
  return {
    verdict: read.ok ? accept({}) : read,
    signedAgain: false,
    violates: same ? [] : ['a message that nobody writes'],
  };
}
