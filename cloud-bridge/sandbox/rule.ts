/** What lets a client of the sandbox in at a virtual door. Signed by nobody, and no hub would take it: `Rule` has no such door. */

import type { Party, Rule } from '../../wire/rule-book.ts';
import { sandboxOutcomeOf } from '../../wire/sandbox.ts';
import { sandboxScripts } from './scripts.ts';

/** In seconds: for ever. */
const always = { from: 0, until: 4_000_000_000 } as const;

/** @returns undefined where nothing is let in; a company comes to work and hands nothing over, so that it finds no door that it could not enter */
export function sandboxRuleOf(party: Exclude<Party, { kind: 'guest' }>, door: string): Rule | undefined {
  const outcome = sandboxOutcomeOf(door);
  if (outcome === undefined || outcome === 'refused') return undefined;
  const { order, steps } = sandboxScripts[outcome];
  if (order !== undefined && party.kind === 'company') return undefined;
  const asks = steps.some((step) => step.do === 'grant' && step.consent === 'ask');
  const consent = asks ? 'ask' : 'auto';
  return { id: 'rule-sandbox', door, party, ...always, visits: 1, entries: 1, camera: 'recorded', consent };
}
