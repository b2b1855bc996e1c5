/** Shows a visitor's grant to the hub and notes the visit that comes of it. */
import * as v from 'valibot';
import { accept, Fault, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { VisitView } from '../../wire/visit-view.ts';
import type { Parts } from '../parts.ts';
import { noteFailedDoor, refuseOpening } from '../stop/open-door.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** Reads a hub's answer as the view of a visit. @throws Fault MESSAGE_MALFORMED when it is none, or of another visit */
export function toVisitView(body: unknown, visit?: string): VisitView {
  const parsed = v.safeParse(VisitView, body, { abortEarly: true });
  if (!parsed.success || (visit !== undefined && parsed.output.visit !== visit)) {
    throw new Fault('HUB_SILENT', { why: 'the answer does not fit' });
  }
  return parsed.output;
}

/** A link of the device that calls: a courier's task, or a guest's invitation. */
export interface OwnLink {
  /** Hash of its token: grants are kept by it. */
  readonly link: string;
  readonly home: string;
  /** Of several grants the one for this door; left out: of a link with one door. */
  readonly door?: string | undefined;
  /** What it means that there is no grant. */
  readonly without: FaultCode;
}

/** The living grant of a link: for the door that is asked for, or the only one. */
export async function grantOf(
  tables: Pick<Tables, 'grants'>,
  { link, door }: Pick<OwnLink, 'link' | 'door'>,
): Promise<Row<'grant_issued'> | undefined> {
  const grants = await tables.grants.ofTask(link);
  return door === undefined ? grants[0] : grants.find((grant) => grant.door === door || grant.door === null);
}

/** The grant of a link with what it rests on. @returns TASK_NOT_READY while a signature is missing, or `without` */
export async function readyGrant(parts: Pick<Parts, 'store'>, own: OwnLink): Promise<Verdict<Row<'grant_issued'>>> {
  const grant = await grantOf(parts.store.read, own);
  if (grant === undefined) return refuse(own.without);
  return grant.state === 'ready' ? accept(grant) : refuse('TASK_NOT_READY');
}

/** A grant with its second signatures, as hub and visitor get it. */
export const toBundle = ({ text, assignment, approval }: Row<'grant_issued'>) => ({
  grant: text,
  ...(assignment === null ? {} : { assignment }),
  ...(approval === null ? {} : { approval }),
});

/** What the hub would not do, or could not be asked for, is noted at the stop. */
async function askHub(parts: PrepareParts, grant: Row<'grant_issued'>): Promise<Verdict<Record<string, unknown>>> {
  try {
    const answer = await parts.line.ask(grant.hub, { op: 'visit.prepare', bundle: toBundle(grant) });
    if (!answer.ok) await noteFailedDoor(parts, grant, answer);
    return answer;
  } catch (error) {
    if (error instanceof Fault) await noteFailedDoor(parts, grant, error);
    throw error;
  }
}

type PrepareParts = Pick<Parts, 'store' | 'line' | 'visits' | 'now' | 'config' | 'signer' | 'keys'>;

/** @returns STOP_… where the plan has something else first, the hub's own refusal, or as `readyGrant`. @throws Fault HUB_OFFLINE, HUB_SILENT */
export async function prepareVisit(parts: PrepareParts, own: OwnLink): Promise<Verdict<VisitView>> {
  const ready = await readyGrant(parts, own);
  if (!ready.ok) return ready;
  const { jti, jkt, hub, delivery } = ready.value;
  const closed = await refuseOpening(parts, ready.value);
  if (closed !== undefined) return closed;
  const answer = await askHub(parts, ready.value);
  if (!answer.ok) return answer;
  const view = toVisitView(answer.value);
  const wish = { id: view.visit, hub, home: own.home, delivery, jkt, jti };
  const visit = await parts.store.write(({ visits }) => visits.add(wish));
  if (visit.hub !== hub || visit.jkt !== jkt) throw new Fault('HUB_SILENT', { why: 'the visit is another one' });
  parts.visits.remember(visit);
  return accept(view);
}
