/** Tells the hub that a courier is at a door, to listen for the bell and for the number that only its device is shown. Nothing opens by it. */
import * as v from 'valibot';
import { factsOf } from '../home/door-facts.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { doorNumberOf, Expecting, expectingOf } from './door-number.ts';
import { readStanding, type Standing } from './standing.ts';

export type ExpectParts = Pick<Parts, 'line' | 'store' | 'now' | 'config' | 'codeKey'>;

/** The hub listens for 15 minutes at most; the courier's next act asks anew. */
const listenForMs = 14 * 60_000;

/** @returns undefined where no courier is at a stop of this delivery */
async function standingHere(parts: ExpectParts, tables: Tables, id: string): Promise<Standing | undefined> {
  const delivery = await tables.deliveries.find(id);
  const standing = delivery && (await readStanding(parts, tables, delivery));
  if (standing === undefined || standing.stop.at !== 'here') return undefined;
  const { device } = standing.stop;
  return device !== undefined && device === standing.terms.device ? standing : undefined;
}

/** From now on the courier is shown the number, where there is a keypad and it has not gone meanwhile. */
async function keep(
  parts: ExpectParts,
  tables: Tables,
  { delivery, attempt, stop }: Standing,
  expecting: Expecting,
): Promise<void> {
  const now = await standingHere(parts, tables, delivery.id);
  if (now?.attempt.number !== attempt.number || now.stop.device !== stop.device) return;
  await tables.stops.addAct({
    ...{ delivery: delivery.id, attempt: attempt.number, kind: 'expecting', at: parts.now() },
    ...{ text: JSON.stringify(expecting), jti: null, jkt: stop.device ?? null, refused: null },
  });
}

/** Whoever rings from now on is somebody else. */
async function forget({ line, store, now }: ExpectParts, { id, hub, attempt }: Row<'delivery'>): Promise<void> {
  const acts = await store.read.stops.acts(id, attempt);
  const last = acts.findLast(({ kind }) => kind === 'expecting');
  const isListening = last !== undefined && v.parse(Expecting, JSON.parse(last.text)).until > now();
  if (isListening) await line.ask(hub, { op: 'stop.forget', delivery: id, attempt });
}

async function expectNow(parts: ExpectParts, delivery: Row<'delivery'>): Promise<void> {
  const { read } = parts.store;
  const { hasKeypad = false, hasBell = false, hasDoorstep = false } = (await factsOf(read, delivery.door)) ?? {};
  if (!hasKeypad && !hasBell && !hasDoorstep) return;
  const standing = await standingHere(parts, read, delivery.id);
  const device = standing?.stop.device;
  if (standing === undefined || device === undefined) return forget(parts, delivery);
  const before = expectingOf(standing);
  if (before !== undefined && before.until > parts.now()) return;
  const until = parts.now() + listenForMs;
  const of = { delivery: delivery.id, attempt: standing.attempt.number, door: standing.delivery.door };
  const number = hasKeypad ? { number: doorNumberOf(parts, standing, device) } : {};
  const asked = await parts.line.ask(standing.delivery.hub, { op: 'stop.expect', ...of, ...number, until });
  const expecting = { until, isBellAlone: !hasKeypad && hasBell, isMute: !hasKeypad && !hasBell };
  if (asked.ok) await parts.store.write((tables) => keep(parts, tables, standing, expecting));
}

/** After each act at a stop: does nothing where the hub listens already, and tells it when the courier is there no more. Never fails: without the hub the courier is shown no number. */
export const expectAtDoor = (parts: ExpectParts, delivery: Row<'delivery'>): Promise<void> =>
  expectNow(parts, delivery).catch(() => undefined);
