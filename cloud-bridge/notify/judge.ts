/** What an event of a home means for those who are told. It reads, and changes nothing. */
import * as v from 'valibot';
import { alarms } from '../../wire/alarms.ts';
import { type Entry, fromEntryText } from '../../wire/journal.ts';
import { peek } from '../../wire/jws.ts';
import { ruleBookForm } from '../../wire/rule-book.ts';
import { DoorId, Hash, Id, Seconds, Slug } from '../../wire/shapes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { ownAlarms, type StandingCode } from './kinds.ts';
import { ofDelivery, plannedText, stateOf } from './of-delivery.ts';
import type { Act } from './said.ts';
import type { TextKey } from './words.ts';

type Judge = (data: unknown, tables: Tables, hub: Row<'hub'>) => Promise<readonly Act[]>;

const Announced = v.object({ delivery: Id, from: Seconds, until: Seconds });
const OnTheWay = v.object({ delivery: Id, from: v.optional(Seconds), until: v.optional(Seconds) });
const Changed = v.object({
  delivery: Id,
  state: v.string(),
  proof: v.optional(v.string()),
  outcome: v.optional(v.string()),
});
const Disputed = v.object({ delivery: Id, state: v.string() });
const Wanted = v.object({ delivery: v.optional(Id), guest: v.optional(Slug) });
const Refused = v.object({ code: v.string() });
const Looked = v.object({ case: Id, isCarrier: v.optional(v.boolean()) });
const Claimed = v.object({ guest: Slug });
const Raised = v.object({ code: v.string(), door: v.optional(DoorId) });
const Took = v.object({ alarm: Hash, by: Hash });
const WishesChanged = v.object({ by: v.string() });
const EntryData = v.object({ text: v.string() });
const Accepted = v.object({ type: v.string(), hash: v.optional(Hash) });

const ByDevice = v.object({ by: Hash });

const isStanding = (code: unknown): code is StandingCode =>
  typeof code === 'string' && (Object.hasOwn(alarms, code) || Object.hasOwn(ownAlarms, code));

const overTexts: Readonly<Record<string, TextKey>> = {
  untouched: 'overSecured',
  secured: 'overSecured',
  locked: 'overSecured',
  closed: 'overClosed',
};

/** A book with more newer ones above it is not the newest news. */
const maxBooks = 8;

/** Tells the others when a device lets somebody in by a rule that was not there before (T37). A renewed lease is none. */
async function judgeRules(tables: Tables, hub: Row<'hub'>, hash: string): Promise<readonly Act[]> {
  const books = await tables.documents.fromNewest(hub.id, ruleBookForm.typ, maxBooks);
  const at = books.findIndex((book) => book.hash === hash);
  const [now, before] = at === -1 ? [] : books.slice(at, at + 2);
  const read = now && peek(ruleBookForm, now.text);
  if (now === undefined || !read?.ok) return [];
  const known = before && peek(ruleBookForm, before.text);
  const old = new Set(known?.ok ? known.value.claims.rules.map((rule) => JSON.stringify(rule)) : []);
  if (read.value.claims.rules.every((rule) => old.has(JSON.stringify(rule)))) return [];
  return [{ do: 'tell', kind: 'rulesChanged', about: 'rules', says: {}, except: now.kid }];
}

async function judgeVisit(tables: Tables, hub: Row<'hub'>, entry: Entry): Promise<readonly Act[]> {
  const visit = entry.visit === undefined ? undefined : await tables.visits.find(entry.visit);
  // Of a delivery its state is told.
  if (visit?.hub !== hub.id || visit.delivery !== null) return [];
  const about = `visit:${visit.id}`;
  if (entry.kind === 'visit.arrived') return [{ do: 'tell', kind: 'guestAtDoor', about, says: {} }];
  const text = overTexts[String(entry.body.proof)] ?? 'overUnsecured';
  return [{ do: 'tell', kind: 'visitOver', about, says: { text } }];
}

async function judgeEntry(entry: Entry, tables: Tables, hub: Row<'hub'>): Promise<readonly Act[]> {
  const { kind, body, door = null } = entry;
  switch (kind) {
    case 'alarm.raised':
      return isStanding(body.code) ? [{ do: 'raise', code: body.code, door }] : [];
    case 'alarm.cleared':
      return [{ do: 'end', code: String(body.code), door }];
    case 'clock.trusted':
      return [{ do: 'end', code: 'CLOCK_DISTRUSTED', door: null }];
    case 'household':
      return [{ do: 'tell', kind: 'household', about: 'household', says: {} }];
    case 'visit.arrived':
    case 'visit.ended':
      return judgeVisit(tables, hub, entry);
    case 'document.accepted': {
      const accepted = v.safeParse(Accepted, body);
      if (!accepted.success) return [];
      const { type, hash } = accepted.output;
      if (type === 'ownerChange') return [{ do: 'tell', kind: 'devicesChanged', about: 'devices', says: {} }];
      return type === 'ruleBook' && hash !== undefined ? judgeRules(tables, hub, hash) : [];
    }
    default:
      return [];
  }
}

/** Reads the data of an event; what does not fit is nothing. */
const on =
  <S extends v.GenericSchema>(
    schema: S,
    judge: (data: v.InferOutput<S>, tables: Tables, hub: Row<'hub'>) => Promise<readonly Act[]>,
  ): Judge =>
  async (data, tables, hub) => {
    const read = v.safeParse(schema, data);
    return read.success ? judge(read.output, tables, hub) : [];
  };

const receiversChanged = async ({ by }: v.InferOutput<typeof ByDevice>): Promise<readonly Act[]> => [
  { do: 'tell', kind: 'receiversChanged', about: 'receivers', says: {}, except: by },
];

const judges: Readonly<Record<string, Judge>> = {
  'delivery.announced': on(Announced, async ({ delivery, from, until }, tables) =>
    ofDelivery(tables, delivery, 'planned', { from, until, text: await plannedText(tables, delivery) }),
  ),
  'delivery.on-the-way': on(OnTheWay, ({ delivery, from, until }, tables) =>
    ofDelivery(tables, delivery, 'onTheWay', from === undefined || until === undefined ? {} : { from, until }),
  ),
  'delivery.state': on(Changed, async ({ delivery, state, proof, outcome }, tables) => {
    const told = stateOf(state, proof, outcome);
    if (told === undefined) return [];
    return ofDelivery(tables, delivery, told.kind, told.text === undefined ? {} : { text: told.text });
  }),
  // S015, S088: by itself, whoever says what.
  'delivery.exception': on(OnTheWay, ({ delivery }, tables) =>
    ofDelivery(tables, delivery, 'failed', { text: 'oddDelivery' }),
  ),
  'delivery.disputed': on(Disputed, async ({ delivery, state }, tables) =>
    state === 'answered' ? ofDelivery(tables, delivery, 'disputeAnswered', {}) : [],
  ),
  // S076: at once; the picture itself is in the app alone.
  'photo.taken': on(OnTheWay, ({ delivery }, tables) => ofDelivery(tables, delivery, 'photo', {})),
  'approval.wanted': on(Wanted, async ({ delivery, guest }, tables) => {
    if (delivery !== undefined) return ofDelivery(tables, delivery, 'approvalWanted', {});
    const says = { text: 'approvalGuest' } as const;
    return [{ do: 'tell', kind: 'approvalWanted', about: `guest:${guest ?? ''}`, says }];
  }),
  'guest.claimed': on(Claimed, async ({ guest }) => [
    { do: 'tell', kind: 'guestClaimed', about: `guest:${guest}`, says: {} },
  ]),
  alarm: on(Raised, async ({ code, door = null }) => (isStanding(code) ? [{ do: 'raise', code, door }] : [])),
  'alarm.acknowledged': on(Took, async ({ alarm, by }) => [
    { do: 'tell', kind: 'alarmTaken', about: `alarm:${alarm}`, says: {}, except: by },
  ]),
  'hub.offline': async () => [{ do: 'raise', code: 'HUB_OFFLINE', door: null }],
  'hub.online': async () => [{ do: 'end', code: 'HUB_OFFLINE', door: null }],
  // A hub that is behind finds that out by its witness, and raises an alarm of its own: a hello that crossed an upload is none.
  'journal.refused': on(Refused, async ({ code }) =>
    code === 'JOURNAL_BEHIND' ? [] : [{ do: 'raise', code: 'JOURNAL_REFUSED', door: null }],
  ),
  'case.looked': on(Looked, async (data) => [
    {
      do: 'tell',
      kind: data.isCarrier === true ? 'carrierLooked' : 'supportLooked',
      about: `case:${data.case}`,
      says: {},
    },
  ]),
  'wishes.changed': on(WishesChanged, async ({ by }) => [
    by === 'support'
      ? { do: 'tell', kind: 'codeAlways', about: 'wishes', says: {} }
      : { do: 'tell', kind: 'wishesChanged', about: 'wishes', says: {}, except: by },
  ]),
  'holders.named': on(ByDevice, receiversChanged),
  'holder.revoked': on(ByDevice, receiversChanged),
  'recovery.asked': async () => [{ do: 'raise', code: 'RECOVERY_ASKED', door: null }],
  'recovery.over': async () => [{ do: 'end', code: 'RECOVERY_ASKED', door: null }],
  'device.asked': async () => [{ do: 'tell', kind: 'deviceAsked', about: 'device-asked', says: {} }],
  entry: on(EntryData, async ({ text }, tables, hub) => {
    const entry = fromEntryText(text);
    return entry.ok ? judgeEntry(entry.value, tables, hub) : [];
  }),
};

/** @returns what is to be told, raised or ended; nothing for most events */
export const judge = async (event: Row<'event'>, tables: Tables, hub: Row<'hub'>): Promise<readonly Act[]> =>
  (await judges[event.type]?.(JSON.parse(event.data), tables, hub)) ?? [];
