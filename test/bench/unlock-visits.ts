/** Visits on a street, one after the other, each brought to where the courier may say "open". */
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Courier } from '../../hardware-sim/people/courier.ts';
import type { CourierVisit } from '../../hardware-sim/people/courier-visit.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { lookAtDoor } from '../../hardware-sim/start/door.ts';
import { openStreet, type Street } from '../../hardware-sim/start/street.ts';
import { Fault } from '../../wire/faults.ts';
import { newId, signDocument } from '../../wire/jws.ts';
import { type Act, knockForm } from '../../wire/knock.ts';
import { postTo } from './bare-parts.ts';

/** How the line is run; everything else is as shipped. */
export interface LineSetting {
  readonly baudRate: 9600 | 115200;
  readonly pollMs: number;
}

/** A time at which the line carried one exchange or rested, ms of the machine's monotonic clock. */
export interface Exchange {
  readonly startMs: number;
  readonly endMs: number;
}

export interface ReadyVisit {
  /** Says "open". @returns us from the moment the request is handed to the connection until the first byte of OUT on the line */
  open(): Promise<number>;
  /** Calls the visit off and waits until the strike is proven locked. */
  end(): Promise<void>;
}

export interface Visits {
  readonly street: Street;
  /** One delivery up to the courier at the door, in state `ready`. */
  next(): Promise<ReadyVisit>;
  /** Waits until the peripheral has told all that happened in the visit before: each event makes one poll longer. */
  untilOnlyPolled(): Promise<void>;
  /** The newest exchanges on the line, oldest first. */
  exchanges(): Promise<readonly Exchange[]>;
  stop(): Promise<void>;
}

interface LineFacts {
  readonly outs: readonly { readonly n: number; readonly firstByteMs: number }[];
}

export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Opens a street whose door does not make anybody wait, with a rule under which its carrier comes and goes all day. */
export async function openVisits(dataDir: string, line: LineSetting): Promise<Visits> {
  const street = await openStreet(dataDir, () => undefined, {
    strike: { door: { unlockForMs: 500, stillMs: 0 }, simDoor: { leafMs: 20, latchMs: 10 }, ...line },
    camera: false,
  });
  const nowS = await letIn(street);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const look = (path: string): Promise<Record<string, unknown>> => lookAtDoor(street.paths.simSocket, path);
  const exchanges = async (): Promise<readonly Exchange[]> =>
    (await look('/lines/bus/exchanges')).exchanges as Exchange[];
  return {
    street,
    next: async () => {
      const visit = await bringToDoor(street, nowS);
      return { open: () => open(street, agent, visit, look), end: () => end(visit) };
    },
    untilOnlyPolled: async () => {
      while (line.pollMs <= 200 && !isOnlyPolled(await exchanges())) await wait(line.pollMs);
    },
    exchanges,
    stop: async () => {
      agent.destroy();
      await street.stop();
    },
  };
}

/** Lets the carrier come and go at the front door for an hour. @returns from when, s since the epoch */
export async function letIn(street: Street): Promise<number> {
  const nowS = Math.floor(Date.now() / 1000);
  mustHave(
    await street.owner.orders.setRules([
      {
        id: `rule-${newId()}`,
        door: street.settings.door,
        party: { kind: 'carrier', id: street.carrier.id, jwk: street.carrier.key.jwk },
        from: nowS - 60,
        until: nowS + 3600,
        visits: 1000,
        entries: 1,
        camera: 'off',
        consent: 'auto',
      },
    ]),
  );
  return nowS;
}

/** A delivery of its own, up to the courier at the front door, in state `ready`. @param nowS  when its window begins */
export async function bringToDoor({ dispatch, settings, url }: Street, nowS: number): Promise<CourierVisit> {
  const window = { from: nowS, until: nowS + 3000, parcels: 1, reference: newId() };
  const { delivery } = mustHave(await dispatch.announce({ door: settings.door, ...window }));
  const { token } = mustHave(await dispatch.taskLink(delivery));
  const courier = new Courier({ base: url, token });
  const { check } = mustHave(await courier.press());
  mustHave(await dispatch.confirm(delivery, check));
  const visit = mustHave(await courier.prepare(mustHave(await courier.takeGrant())));
  mustHave(await visit.arrive());
  mustHave(await visit.until(['ready']));
  return visit;
}

/** Two short ones in a row: a POLL and its ACK. */
const isOnlyPolled = (exchanges: readonly Exchange[]): boolean => {
  const tookMs = exchanges.map(({ startMs, endMs }) => endMs - startMs);
  const shortestMs = Math.min(...tookMs);
  return tookMs.slice(-2).every((ms) => ms < 1.2 * shortestMs);
};

/**
 * Says "open", or "unlock" where that is what the door offers. The knock is signed before the clock runs: that is the phone's time, not
 * the system's.
 * @returns when the request was handed to the connection
 */
export async function knock(
  { settings }: Street,
  agent: Agent,
  { view, target, key }: CourierVisit,
): Promise<{ readonly startedMs: number }> {
  const act: Act = view.nonces.open === undefined ? 'unlock' : 'open';
  const nonce = view.nonces[act];
  if (nonce === undefined) throw new Fault('VISIT_WRONG_STATE', { at: view.at });
  const claims = { aud: target.hub, jti: newId(), iat: Math.floor(Date.now() / 1000), act };
  const signed = await signDocument(knockForm, { ...claims, visit: view.visit, grant: target.grantHash, nonce }, key);
  const body = Buffer.from(JSON.stringify({ knock: signed }));
  const startedMs = nowMs();
  const answer = await postTo(agent, settings.httpPort, `/v1/visits/${view.visit}/acts`, body);
  if (answer.status !== 200) throw new Fault('VISIT_WRONG_STATE', { status: answer.status, text: answer.text });
  return { startedMs };
}

async function open(
  street: Street,
  agent: Agent,
  visit: CourierVisit,
  look: (path: string) => Promise<object>,
): Promise<number> {
  const { startedMs } = await knock(street, agent, visit);
  for (let tries = 0; tries < 200; tries += 1) {
    const { outs } = (await look('/lines/bus')) as LineFacts;
    const out = outs.find(({ firstByteMs }) => firstByteMs >= startedMs);
    if (out !== undefined) return (out.firstByteMs - startedMs) * 1000;
    await wait(5);
  }
  throw new Fault('LOCK_SILENT');
}

/** Calls the visit off. @throws Fault DOOR_UNSECURED when the door is not proven locked in 10 s */
export async function end(visit: CourierVisit): Promise<void> {
  mustHave(await visit.look());
  mustHave(await visit.abort());
  const { at, proof } = mustHave(await visit.until(['ended'], 10_000));
  visit.http.close();
  // Nobody opened the door: the bolt is proven, a closing door was not seen.
  if (at !== 'ended' || proof !== 'locked') throw new Fault('DOOR_UNSECURED', { at, proof: proof ?? '' });
}
