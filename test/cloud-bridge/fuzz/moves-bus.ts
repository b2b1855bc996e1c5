/** MQTT payloads of a hub, changed, and signed again with its good key. */
import { alarmForm } from '../../../wire/alarm-message.ts';
import { genesisOf, journalHeadForm, toEntryText } from '../../../wire/journal.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { maxPayloadBytes, writeMessage } from '../../../wire/messages.ts';
import type { UpKind } from '../../../wire/topics.ts';
import type { Move } from './moves-documents.ts';
import { mutateJson, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import { nowS, type Street, signAnything } from './street.ts';

interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The hub's journal as the cloud has it: some changes are harmless, and then it grows. */
async function headOf(street: Street): Promise<Head> {
  const page = await street.as(street.owner, 'GET', `${street.home}/journal?limit=0`);
  return page.body.head ?? { seq: 0, hash: genesisOf(street.hub.id) };
}

const entryAfter = (head: Head, random: Random) => ({
  seq: head.seq + 1,
  at: nowS() * 1000,
  kind: 'hub.started' as const,
  body: { n: random.below(1_000) },
  prev: head.hash,
});

async function batchOf(street: Street, from: number, entries: readonly unknown[], head?: object): Promise<object> {
  const seq = from + entries.length - 1;
  const hash = hashOf(String(entries.at(-1) ?? ''));
  const claims = { iss: street.hub.id, seq, hash, at: nowS() * 1000, ...head };
  return { v: 1, from, entries, head: await signAnything(street.hub.sign, journalHeadForm.typ, claims) };
}

const send = (street: Street, kind: UpKind, message: unknown): void =>
  street.bring(kind, Buffer.from(JSON.stringify(message) ?? ''));

type Batch = (street: Street, random: Random, head: Head) => Promise<unknown>;

const batches: Readonly<Record<string, Batch>> = {
  'changed anywhere': async (street, random, head) => {
    const entry = toEntryText(entryAfter(head, random));
    return mutateJson(random, await batchOf(street, head.seq + 1, [entry]));
  },
  'an entry changed anywhere': async (street, random, head) => {
    const entry = JSON.stringify(mutateJson(random, entryAfter(head, random))) ?? '';
    return batchOf(street, head.seq + 1, [entry === '' ? 'x' : entry]);
  },
  'a gap inside': async (street, random, head) => {
    const entry = toEntryText({ ...entryAfter(head, random), seq: head.seq + 2 });
    return batchOf(street, head.seq + 1, [entry]);
  },
  'out of order': async (street, random, head) => {
    const entry = toEntryText({ ...entryAfter(head, random), seq: Math.max(1, head.seq) });
    return batchOf(street, head.seq + 1, [entry]);
  },
  'another history': async (street, random, head) => {
    const entry = toEntryText({
      ...entryAfter(head, random),
      seq: Math.max(1, head.seq),
      body: { fork: random.id(8) },
    });
    return batchOf(street, Math.max(1, head.seq), [entry]);
  },
  'the head of another key': async (street, random, head) => {
    const entry = toEntryText(entryAfter(head, random));
    const batch = (await batchOf(street, head.seq + 1, [entry])) as { head: string };
    return { ...batch, head: `${batch.head.split('.').slice(0, 2).join('.')}.${random.id(86)}` };
  },
  'the head of another hub': async (street, random, head) => {
    const entry = toEntryText(entryAfter(head, random));
    return batchOf(street, head.seq + 1, [entry], { iss: `hub-${'z'.repeat(20)}` });
  },
  'a head changed anywhere': async (street, random, head) => {
    const entry = toEntryText(entryAfter(head, random));
    const claims = mutateJson(random, { iss: street.hub.id, seq: head.seq + 1, hash: hashOf(entry), at: 1 });
    const signed = await signAnything(street.hub.sign, journalHeadForm.typ, claims);
    return { v: 1, from: head.seq + 1, entries: [entry], head: signed };
  },
};

const signedBatches = new Set(Object.keys(batches).filter((name) => name !== 'the head of another key'));

export const busMoves: readonly Move[] = [
  ...Object.entries(batches).map(
    ([name, make]): Move => ({
      name: `journal: ${name}`,
      signedAgain: signedBatches.has(name),
      play: async (street, random) => {
        send(street, 'journal', await make(street, random, await headOf(street)));
        return [];
      },
    }),
  ),
  {
    name: 'journal: one that is true',
    play: async (street, random) => {
      const head = await headOf(street);
      const text = toEntryText(entryAfter(head, random));
      send(street, 'journal', await batchOf(street, head.seq + 1, [text]));
      return [];
    },
  },
  {
    name: 'bus: any payload changed',
    play: async (street, random) => {
      const presence = { v: 1, hub: street.hub.id, online: true, boot: newId() };
      const [kind, message] = random.pick([
        ['ask', street.helloMessage()],
        ['presence', presence],
        ['alarm', { v: 1, alarm: 'a.b.c' }],
      ] as const);
      send(street, kind, mutateJson(random, message));
      return [];
    },
  },
  {
    name: 'bus: no JSON',
    play: async (street, random) => {
      const kind = random.pick(['ask', 'presence', 'alarm', 'journal'] as const);
      street.bring(kind, Buffer.from(mutateText(random, '{"v":1,"id":')));
      return [];
    },
  },
  {
    name: 'bus: too big',
    play: async (street, random) => {
      const kind = random.pick(['ask', 'presence', 'alarm', 'journal'] as const);
      street.bring(kind, Buffer.alloc(maxPayloadBytes[kind] + 1 + random.below(100), 0x20));
      return [];
    },
  },
  {
    name: 'alarm: changed anywhere',
    signedAgain: true,
    play: async (street, random) => {
      const claims = { iss: street.hub.id, jti: newId(), at: 1, code: 'JOURNAL_FAILED', door: street.door };
      const alarm = await signAnything(street.hub.sign, alarmForm.typ, mutateJson(random, claims));
      street.bring('alarm', writeMessage({ v: 1, alarm }));
      return [];
    },
  },
  {
    name: 'alarm: another key',
    signedAgain: true,
    play: async (street) => {
      const claims = { iss: street.hub.id, jti: newId(), at: 1, code: 'JOURNAL_FAILED' };
      const alarm = await signAnything(street.stranger, alarmForm.typ, claims);
      const forged = `${Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: alarmForm.typ, kid: street.hub.sign.kid })).toString('base64url')}.${alarm.split('.').slice(1).join('.')}`;
      street.bring('alarm', writeMessage({ v: 1, alarm: forged }));
      return [];
    },
  },
];
