import t from 'tap';
import { TrustedClock } from '../../../device/clock/trust.ts';
import { type RecoveryDesk, recoveryDesk } from '../../../device/desk/recovery.ts';
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import type { Draft } from '../../../device/journal/journal.ts';
import { newId, signDocument, toVerifyKey } from '../../../wire/jws.ts';
import { deriveRecovery, recoveryForm, recoveryWaitMs } from '../../../wire/recovery.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { WoundClock } from '../../support/clock.ts';
import { Counts, goodDocuments, plainTrustStore } from '../../support/decision.ts';
import { newCast, newSealJwk, newSignKey, revocationOf, timeOf } from '../../support/keys.ts';

const cast = await newCast();
const { nowS, hubId } = cast;
const [minuteMs, hourMs] = [60_000, 3_600_000];
const { jwk, privateKey } = await deriveRecovery(new Uint8Array(16));
const codeKey = { ...(await toVerifyKey(jwk)), privateKey };
const phone = { sign: (await newSignKey('ES256')).jwk as EcJwk, seal: newSealJwk() };

interface Bench {
  readonly clock: WoundClock;
  trust: Trust;
  time: TrustedClock;
  desk: RecoveryDesk;
  readonly written: Draft[];
  readonly alarms: string[];
  /** How often the hub asked the cloud. */
  greets: number;
  readonly jti: string;
  /** The cloud answers with its time; the hub's own unless told. */
  readonly agree: (cloudMs?: number) => Promise<string>;
  /** The hello that comes now is answered now. */
  readonly hello: () => Promise<void>;
  /** Power is cut and comes back: memory is lost, the disk and the wall clock stay. */
  readonly restart: () => Promise<void>;
  readonly isAdded: () => boolean;
}

/** A hub at which a recovery was asked for just now; its clock is not trusted yet. */
async function bench(): Promise<Bench> {
  const clock = new WoundClock(nowS * 1000);
  const store = plainTrustStore(await goodDocuments(cast));
  const ended = new Counts();
  const grants = Object.assign(ended, {
    end: (kind: string, id: string) => void ended.ended.add(`${kind} ${id}`),
    prune: () => {},
  });
  const issuersOf = () => one.trust.inForce().issuers!;
  const boot = async () => {
    const trust = await openTrust({ store, grants, hubId, hubKey: cast.hub, hasHead: () => 'has' });
    const time = new TrustedClock({ clock, store, hubId });
    const desk = recoveryDesk({
      ...{ trust, store, clock },
      trustedNow: () => time.trustedNow(),
      notes: {
        write: async (draft) => one.written.push(draft) > 0,
        alarm: (code) => void one.alarms.push(code),
      },
      greet: () => {
        one.greets += 1;
      },
    });
    return { trust, time, desk };
  };
  const one = { clock, written: [], alarms: [], greets: 0, jti: newId() } as unknown as Bench;
  Object.assign(one, await boot(), {
    agree: async (cloudMs = clock.wallMs) => {
      const said = await one.time.takeAnswer(await timeOf(cast, one.time.ask(), cloudMs), issuersOf());
      return said.ok ? 'ok' : said.code;
    },
    hello: () => one.desk.greeted(clock.monotonic()),
    restart: async () => {
      one.desk.stop();
      Object.assign(one, await boot());
      one.desk.look();
    },
    isAdded: () => one.trust.inForce().owners?.devices.length === 2,
  });
  await one.trust.pinOwner({ sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal }, nowS, {
    key: jwk,
    note: 'n'.repeat(43),
  });
  const claims = { aud: hubId, jti: one.jti, iat: nowS, device: phone };
  await one.trust.take(await signDocument(recoveryForm, claims, codeKey), { nowS });
  one.desk.look();
  return one;
}
/** Whole hours that are left, to within two looks. */
const leftHours = ({ desk }: Bench): number => Math.round((desk.view()?.leftMs ?? Number.NaN) / minuteMs) / 60;
const kindsOf = ({ written }: Bench): string[] => written.map(({ kind }) => kind);

t.test('it is told at once, and added after 24 hours and a last word of the cloud', async (t) => {
  const one = await bench();
  await one.agree();
  t.same(one.alarms, ['RECOVERY_ASKED']);
  t.same(kindsOf(one), ['recovery.asked']);
  one.clock.pass(recoveryWaitMs - minuteMs);
  await one.hello();
  t.notOk(one.isAdded(), 'a minute is left');
  t.equal(one.greets, 0);
  one.clock.pass(2 * minuteMs);
  t.ok(one.greets > 0, 'it asks the cloud whether there is a veto');
  t.notOk(one.isAdded(), 'and adds nobody before the answer');
  await one.desk.greeted(one.clock.monotonic() - 10 * minuteMs);
  t.notOk(one.isAdded(), 'an answer to what was asked before the wait was over says nothing');
  await one.hello();
  t.ok(one.isAdded());
  t.same(kindsOf(one), ['recovery.asked', 'recovery.done', 'alarm.cleared']);
  t.equal(one.desk.view(), undefined);
});

t.test('T26, T27: no time counts while the clock is not trusted', async (t) => {
  const one = await bench();
  one.clock.pass(48 * hourMs);
  await one.hello();
  t.notOk(one.isAdded(), 'never trusted');
  t.equal(leftHours(one), 24);
  await one.agree();
  one.clock.pass(12 * hourMs);
  t.equal(leftHours(one), 12);
  one.clock.wallMs += 48 * hourMs;
  one.clock.pass(24 * hourMs);
  await one.hello();
  t.equal(one.time.trustedNow().ok, false);
  t.notOk(one.isAdded(), 'set forward, it shortens nothing');
  t.equal(leftHours(one), 12);
});

t.test('T26: a clock that is set forward while the power is off shortens nothing', async (t) => {
  const one = await bench();
  await one.agree();
  one.clock.pass(6 * hourMs);
  const trueMs = one.clock.wallMs;
  one.clock.wallMs += 48 * hourMs;
  await one.restart();
  t.equal(await one.agree(trueMs), 'CLOCK_DISAGREES');
  one.clock.pass(hourMs);
  t.equal(leftHours(one), 18);
  t.same(one.alarms, ['RECOVERY_ASKED'], 'told once, not with every start');
  one.clock.wallMs = trueMs + hourMs;
  t.equal(await one.agree(), 'ok');
  one.clock.pass(18 * hourMs + minuteMs);
  await one.hello();
  t.ok(one.isAdded());
});

t.test('even a cloud that lies about the time together with the clock gains nothing', async (t) => {
  const one = await bench();
  await one.agree();
  one.clock.pass(hourMs);
  one.clock.wallMs += 48 * hourMs;
  await one.restart();
  t.equal(await one.agree(), 'ok', 'both are two days ahead');
  one.clock.pass(minuteMs);
  await one.hello();
  t.notOk(one.isAdded());
  t.ok(one.desk.view()!.leftMs > 22 * hourMs);
});

t.test('trust that is lost when the wait is over adds nobody', async (t) => {
  const one = await bench();
  await one.agree();
  one.clock.pass(recoveryWaitMs + minuteMs);
  one.clock.wallMs -= hourMs;
  await one.hello();
  t.notOk(one.isAdded());
  one.clock.wallMs += hourMs;
  await one.agree();
  await one.hello();
  t.ok(one.isAdded());
});

t.test('a crash costs a minute of what was waited, at most', async (t) => {
  const one = await bench();
  await one.agree();
  one.clock.pass(5 * hourMs);
  one.desk.stop = () => {};
  await one.restart();
  const left = one.desk.view()!.leftMs;
  t.ok(left >= 19 * hourMs && left <= 19 * hourMs + 2 * minuteMs, String(left));
});

t.test('a veto in the last hello comes before the device', async (t) => {
  const one = await bench();
  await one.agree();
  one.clock.pass(recoveryWaitMs + minuteMs);
  await one.trust.take(await revocationOf(cast, { kind: 'recovery', id: one.jti }), { nowS });
  one.desk.look();
  await one.hello();
  t.notOk(one.isAdded());
  t.same(one.written.map(({ kind, body }) => [kind, body.why]).slice(1), [
    ['recovery.ended', 'vetoed'],
    ['alarm.cleared', undefined],
  ]);
});
