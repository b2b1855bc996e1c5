/** The sandbox: virtual doors that are named after what happens there. No hub has one. */
import * as v from 'valibot';
import { DoorId } from './shapes.ts';

export const sandboxOutcomes = [
  'delivered',
  'refused',
  'owner-says-yes',
  'owner-says-no',
  'stopped-by-owner',
  'nobody-entered',
  'left-open',
  'jam',
  'contact-fault',
  'camera-lost',
  'link-lost',
  'hub-restarted',
  'second-device',
  'nobody-comes',
  'handed-over',
  'wrong-code',
  'to-neighbour',
  'put-down',
  'not-mine',
  'plan-changed',
  'nobody-home',
  'picked-up',
  'given-up',
  'disputed',
  'dispute-withdrawn',
  'dispute-settled',
] as const;
export type SandboxOutcome = (typeof sandboxOutcomes)[number];

const prefix = 'door-sandbox-';
export const sandboxDoorOf = (outcome: SandboxOutcome): string => `${prefix}${outcome}`;

/** @returns what happens at this door, or undefined for one that is none of the sandbox's */
export const sandboxOutcomeOf = (door: string): SandboxOutcome | undefined =>
  sandboxOutcomes.find((outcome) => door === sandboxDoorOf(outcome));

export const SandboxDoor = v.picklist(sandboxOutcomes.map(sandboxDoorOf));
/** Where a carrier addresses a delivery: a door of a home, or one of the sandbox's. */
export const AnyDoor = v.union([DoorId, SandboxDoor]);

/** The hub of every sandbox door. Ids of real hubs are drawn by chance; no certificate is ever made for this one. */
export const sandboxHub = 'hub-sandboxhubisnotreal0';
