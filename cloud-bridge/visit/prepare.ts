/** Shows a courier's grant to the hub and notes the visit that comes of it. */
import * as v from 'valibot';
import { Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { VisitView } from '../../wire/visit-view.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { FoundTask } from '../task/find.ts';

/** Reads a hub's answer as the view of a visit. @throws Fault MESSAGE_MALFORMED when it is none, or of another visit */
export function toVisitView(body: unknown, visit?: string): VisitView {
  const parsed = v.safeParse(VisitView, body, { abortEarly: true });
  if (!parsed.success || (visit !== undefined && parsed.output.visit !== visit)) {
    throw new Fault('HUB_SILENT', { why: 'the answer does not fit' });
  }
  return parsed.output;
}

/** The grant of a task with what it rests on. @returns TASK_NOT_READY while a signature is missing */
export async function readyGrant(
  parts: Pick<Parts, 'store'>,
  task: Row<'task'>,
): Promise<Verdict<Row<'grant_issued'>>> {
  const grant = await parts.store.read.grants.ofTask(task.token);
  return grant?.state === 'ready' ? { ok: true, value: grant } : refuse('TASK_NOT_READY');
}

/** @returns the hub's own refusal, or TASK_NOT_READY. @throws Fault HUB_OFFLINE, HUB_SILENT */
export async function prepareVisit(
  parts: Pick<Parts, 'store' | 'line' | 'visits'>,
  { task, delivery }: FoundTask,
): Promise<Verdict<VisitView>> {
  const ready = await readyGrant(parts, task);
  if (!ready.ok) return ready;
  const { text: grant, assignment, approval, jkt, hub } = ready.value;
  const bundle = { grant, assignment, ...(approval === null ? {} : { approval }) };
  const answer = await parts.line.ask(hub, { op: 'visit.prepare', bundle });
  if (!answer.ok) return answer;
  const view = toVisitView(answer.value);
  const wish = { id: view.visit, hub, home: delivery.home, delivery: delivery.id, jkt };
  const visit = await parts.store.write(({ visits }) => visits.add(wish));
  if (visit.hub !== hub || visit.jkt !== jkt) throw new Fault('HUB_SILENT', { why: 'the visit is another one' });
  parts.visits.remember(visit);
  return { ok: true, value: view };
}
