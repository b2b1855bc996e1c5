/** Changed answers of the cloud: acknowledgements of the journal, and answers to the hub's hello. */
import { hashOf, newId, type SignKey } from '../../../wire/jws.ts';
import { writeMessage } from '../../../wire/messages.ts';
import { mutateClaims, mutateText } from '../../device/fuzz/mutate.ts';
import type { Random } from '../../device/fuzz/random.ts';
import { newHubId } from '../../support/keys.ts';
import { type Shoot, type Shot, unsigned } from './shot.ts';
import type { Stage } from './stage.ts';

/** How often an issuer's key signs a head that the hub may not have: after it the hub takes no visits, as it should. */
const poison = 0.02;

export function answerShots(stage: Stage): { ack: Shoot; hello: Shoot; insist: Shoot } {
  const { home, ledger, send, cloud } = stage;
  const { cast } = home;

  const sign = async (typ: string, claims: object, random: Random): Promise<{ jws: string; again: boolean }> => {
    const again = random.chance(0.6);
    const named = random.chance(0.5) ? { as: cast.issuer.kid } : 'kid';
    const key: SignKey = again ? cast.issuer : random.pick([cast.stranger.ed, cast.hub]);
    const jws = await ledger.sign(typ, claims, key, again ? 'kid' : named);
    return { jws: random.chance(0.15) ? mutateText(jws, random) : jws, again };
  };

  const witness = (random: Random): Promise<{ jws: string; again: boolean }> => {
    const { seq, hash } = cloud.head;
    const claims = { aud: cast.hubId, iat: cast.nowS, seq, hash };
    if (random.chance(poison))
      return sign('witness+jwt', { ...claims, ...random.pick([{ seq: seq + 9 }, { hash: hashOf('x') }]) }, random);
    const change = random.pick<object>([
      {},
      { aud: newHubId() },
      { seq: -1 },
      { hash: 'x' },
      { iat: 'now' },
      { more: 1 },
    ]);
    return sign('witness+jwt', { ...claims, ...change }, random);
  };

  const ack: Shoot = async (random) => {
    const { jws, again } = await witness(random);
    const { seq, hash } = cloud.head;
    const sound = { v: 1, seq, hash, witness: jws };
    const payload = random.pick([
      () => writeMessage(sound),
      () => writeMessage(sound),
      () => writeMessage({ ...sound, seq: seq + 1 + random.int(9) }),
      () => writeMessage({ ...sound, hash: hashOf('x') }),
      () => writeMessage({ ...sound, filler: 'x'.repeat(5000) }),
      () => Buffer.from(mutateClaims(sound, random)),
    ])();
    return [{ outcome: await send.ack(payload), changed: true, signedAgain: again, violates: [] }];
  };

  const hello: Shoot = async (random) => {
    cloud.answers = false;
    cloud.asked = undefined;
    home.bus.connect(false);
    home.bus.connect(true);
    // A greeting that is under way comes first; the next follows within seconds.
    for (let tries = 30; cloud.asked === undefined && tries > 0; tries--) await home.live(500);
    const asked = cloud.takeAsked();
    cloud.answers = true;
    if (asked === undefined) return [];
    const { nonce } = asked.body;
    const claims = { aud: cast.hubId, nonce, now: home.clock.now() };
    const change = random.pick<object>([{ aud: newHubId() }, { nonce: newId() }, { now: -1 }, { more: 1 }, {}]);
    const time = await sign('time+jwt', { ...claims, ...change }, random);
    const seen = await witness(random);
    const honest = await cloud.helloAnswer(asked);
    const body = random.pick<() => object>([
      () => ({ ...honest, time: time.jws }),
      () => ({ ...honest, witness: seen.jws }),
      () => ({ ...honest, acked: random.int(2 ** 30) }),
      () => ({ ...honest, documents: ['x'.repeat(16), seen.jws] }),
      () => JSON.parse(mutateClaims(honest, random)) as object,
    ])();
    const sound = { v: 1, id: asked.id, ok: true, body };
    const payload = random.pick([
      () => writeMessage(sound),
      () => writeMessage(sound),
      () => writeMessage({ v: 1, id: asked.id, ok: false, code: 'STORE_UNAVAILABLE' }),
      () => Buffer.from(mutateClaims(sound, random)),
    ])();
    const outcome = await send.answer(payload);
    return [{ outcome, changed: true, signedAgain: time.again && seen.again, violates: [] }];
  };

  /** A cloud that says again and again, well signed, that it has seen more than the hub has. */
  const insist: Shoot = async () => {
    const seq = cloud.head.seq + 100_000;
    const witness = await ledger.sign(
      'witness+jwt',
      { aud: cast.hubId, iat: cast.nowS, seq, hash: hashOf('x') },
      cast.issuer,
    );
    const payload = writeMessage({ v: 1, seq, hash: hashOf('x'), witness });
    const shots: Shot[] = [];
    for (let left = 30; left > 0; left--) shots.push(unsigned(await send.ack(payload)));
    return shots;
  };

  return { ack, hello, insist };
}
