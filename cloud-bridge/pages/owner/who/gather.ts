/** What `whoCouldOpen` is asked with, from what this device has verified. Pure. */
import type { DoorFacts } from '../../../../wire/enrolment.ts';
import type { Standing } from '../rules/held.ts';
import type { SignedEntries } from '../rules/hub-word.ts';
import type { Known, KnownLock } from './known.ts';

/** Visits that have entered under each rule, as far back as this device has read. */
function countVisits({ entries }: SignedEntries): (rule: string) => number {
  const visits = new Map<string, number>();
  for (const { kind, body } of entries) {
    if (kind !== 'visit.unlock' || body.firstOfVisit !== true) continue;
    const rule = String(body.rule);
    visits.set(rule, (visits.get(rule) ?? 0) + 1);
  }
  return (rule) => visits.get(rule) ?? 0;
}

function countUses({ entries }: SignedEntries): (grant: string) => number {
  const uses = new Map<string, number>();
  for (const { kind, body } of entries) {
    if (kind === 'visit.unlock') uses.set(String(body.grant), (uses.get(String(body.grant)) ?? 0) + 1);
  }
  return (grant) => uses.get(grant) ?? 0;
}

/** A recovery that was asked for and has neither come to its end nor to a veto. It counts from trusted time, so never earlier than this. */
function waitingRecovery({ entries }: SignedEntries): Known['recovery'] {
  const about = ({ body }: SignedEntries['entries'][number]): string => String(body.recovery);
  const over = new Set(
    entries.filter(({ kind }) => kind === 'recovery.done' || kind === 'recovery.ended').map((one) => about(one)),
  );
  const asked = entries.findLast((one) => one.kind === 'recovery.asked' && !over.has(about(one)));
  return asked && { id: about(asked), fromS: Math.floor((asked.at + Number(asked.body.waitMs)) / 1000) };
}

/** The epoch that the hub has signed for last. */
function epochOf({ entries }: SignedEntries): number {
  const raised = entries.filter(({ kind, body }) => kind === 'document.accepted' && body.ends === 'epoch');
  return Math.max(0, ...raised.map(({ body }) => Number(body.of)));
}

/** @param locks  what was read of locks that keep codes and users; a door whose lock keeps none is in it with empty lists */
export function gather(
  { doors, diary }: { readonly doors: readonly DoorFacts[]; readonly diary: SignedEntries },
  owners: readonly { readonly kid: string }[],
  standing: Standing,
  locks: readonly KnownLock[],
  nowS: number,
): Known {
  return {
    nowS,
    doors: doors.map(({ id, kind }) => ({ id, keepsUsers: kind === 'bolt' })),
    book: standing.book?.claims,
    next: standing.next?.claims,
    // the cloud's own word ends nothing here: what is not proven is named
    endings: standing.endings.map(({ ends, word }) => ({ ends, confirmed: word?.is === 'signed' })),
    epoch: epochOf(diary),
    approved: standing.approved,
    visitsOf: countVisits(diary),
    usesOf: countUses(diary),
    devices: owners.map(({ kid }) => ({ kid, ending: false })),
    locks,
    recovery: waitingRecovery(diary),
  };
}
