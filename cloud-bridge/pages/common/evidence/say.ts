/**
 * Evidence in plain sentences, for the owner's app and for the page that works without a network. Pure.
 *
 * Two facts stay apart (S009): who received, and how it was handed over. No sentence says that the contents were right (S040).
 */
import type { Evidence } from '../../../../wire/verify-evidence.ts';
import { inRegion } from '../in-region.ts';
import type { LanguageCode, SaidLike } from '../language.ts';
import type { en } from './words/en.ts';

export type EvidenceWords = SaidLike<typeof en>;

export interface Said {
  readonly head: string;
  readonly who: readonly string[];
  readonly how: readonly string[];
  readonly not: readonly string[];
}

type Told = Pick<Evidence, 'receipt' | 'seal' | 'acts'>;

const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

function sayWho(says: EvidenceWords, { receipt }: Told): string[] {
  const { proven, typedBy, wrongEntries } = receipt.receiver;
  const receiver = { 'code-holder': says.codeHolder, 'recipient-device': says.ownDevice, nobody: says.nobody };
  const typed = { courier: says.byCourier, recipient: says.byRecipient, scan: says.byScan };
  return [
    receiver[proven],
    ...(typedBy === undefined ? [] : [typed[typedBy]]),
    ...(wrongEntries === 0 ? [] : [fill(says.wrongCodes, { n: wrongEntries })]),
  ];
}

function sayHub(says: EvidenceWords, { seal }: Told): string {
  if (seal === undefined) return says.hubNotYet;
  if (seal.saw.visit !== undefined) return says.hubVisit;
  const { hubNothing, hubSomeone, hubFelt, hubHeard } = says;
  return { nothing: hubNothing, someone: hubSomeone, felt: hubFelt, heard: hubHeard }[seal.saw.presence];
}

/** “12 minutes”, “40 seconds”. */
function sayLength(code: LanguageCode, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const isLong = seconds >= 120;
  const style = { style: 'unit', unit: isLong ? 'minute' : 'second', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(code, style).format(isLong ? Math.round(seconds / 60) : seconds);
}

function sayHow(says: EvidenceWords, code: LanguageCode, told: Told): string[] {
  const { handover, visit } = told.receipt;
  const clock = new Intl.DateTimeFormat(inRegion(code), { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const { arrivedAt, rangAt, endedAt, presence, photo } = handover;
  return [
    ...(arrivedAt === undefined ? [] : [fill(says.arrived, { time: clock.format(arrivedAt) })]),
    // Whom the hub let through its door needs no phone that says so.
    ...(presence === 'none' && visit !== undefined ? [] : [says.presence[presence]]),
    // Wait and ring protect the courier as well (S071).
    ...(rangAt === undefined
      ? [says.noRing]
      : [
          fill(says.rang, { time: clock.format(rangAt) }),
          fill(says.waited, { minutes: sayLength(code, endedAt - rangAt) }),
        ]),
    ...(photo === undefined ? [] : [says.photo]),
    ...(visit === undefined ? [] : [fill(says.door, { proof: says.proofs[visit.proof] })]),
    ...(told.acts.length === 0 ? [] : [fill(says.acts, { n: told.acts.length })]),
    ...(told.seal?.saw.photo === undefined ? [] : [says.hubPhoto]),
    sayHub(says, told),
  ];
}

export function sayEvidence(says: EvidenceWords, code: LanguageCode, told: Told): Said {
  const { attempt, day, end, notProven } = told.receipt;
  const date = new Intl.DateTimeFormat(inRegion(code), { dateStyle: 'medium', timeZone: 'UTC' }).format(
    Date.parse(day),
  );
  return {
    head: fill(says.attempt, { n: attempt, day: date, end: says.ends[end] }),
    who: sayWho(says, told),
    how: sayHow(says, code, told),
    not: notProven.map((one) => says.lacks[one]),
  };
}
