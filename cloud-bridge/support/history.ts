/** What support sees of a delivery: how it went, and nothing of the inside of a home. Names no door, hub, home, device or person. */
import type { EntryKind } from '../../wire/journal.ts';
import { fromEntryText } from '../../wire/journal.ts';
import type { CaseStep } from '../../wire/support.ts';
import { purposeOf } from '../delivery/purpose.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** Of a visit's own entries, those that tell how it went. What is not listed is not shown. */
const shown: ReadonlySet<EntryKind> = new Set([
  'visit.prepared',
  'visit.arrived',
  'visit.ready',
  'visit.unlock',
  'visit.stopped',
  'visit.aborted',
  'visit.finished',
  'visit.ended',
  'camera.started',
  'camera.lost',
  'camera.recorded',
  'bolt.failed',
  'door.opened',
  'door.closed',
  'door.secured',
  'alarm.raised',
]);

/** Whoever comes to work is no courier, and nothing is delivered (S094). */
const ofWork: Readonly<Record<string, string>> = {
  'delivery.announced': 'work.announced',
  'delivery.on-the-way': 'work.on-the-way',
  'visit.arrived': 'work.arrived',
  'visit.aborted': 'work.aborted',
  'visit.finished': 'work.finished',
};

/** How it stands, as support reads it. */
export const caseStateOf = (delivery: Row<'delivery'>): string => {
  const { state } = delivery;
  if (purposeOf(delivery) === 'delivery') return state;
  return state === 'delivered' ? 'visited' : state === 'failed' ? 'not-visited' : state;
};

const toStep = (text: string): CaseStep | undefined => {
  const read = fromEntryText(text);
  if (!read.ok || !shown.has(read.value.kind)) return undefined;
  const { at, kind, body } = read.value;
  return { at, what: kind, ...(typeof body.proof === 'string' ? { proof: body.proof } : {}) };
};

/** In the order in which it happened, by the hub's clock; what the carrier said by the cloud's. */
export async function historyOf(tables: Tables, delivery: Row<'delivery'>): Promise<readonly CaseStep[]> {
  const steps: CaseStep[] = [{ at: delivery.created_at, what: 'delivery.announced' }];
  if (delivery.on_the_way_at !== null) steps.push({ at: delivery.on_the_way_at, what: 'delivery.on-the-way' });
  for (const visit of await tables.visits.ofDelivery(delivery.id)) {
    const entries = await tables.journals.ofVisit(delivery.hub, visit.id);
    for (const { text } of entries) {
      const step = toStep(text);
      if (step !== undefined) steps.push(step);
    }
  }
  const said =
    purposeOf(delivery) === 'delivery' ? steps : steps.map((one) => ({ ...one, what: ofWork[one.what] ?? one.what }));
  return said.sort((a, b) => a.at - b.at);
}
