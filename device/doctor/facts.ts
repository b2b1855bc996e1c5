/** What the checks look at: gathered once, beside a hub that may run or not. */

import { Fault } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { HubConfig } from '../config/schema.ts';
import { callRunning } from '../control/client.ts';
import { type Enrolment, type HubKeys, readEnrolment, readKeys } from '../enrol/identity.ts';
import { openSecrets } from '../secrets/open.ts';
import type { SealedSecrets } from '../secrets/sealed.ts';
import type { HubStatus } from '../status.ts';

/** The thing, nothing where there is none, or why it cannot be had. */
export type Had<T> = T | Fault | undefined;

export interface Facts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly secrets: SealedSecrets;
  readonly enrolment: Had<Enrolment>;
  readonly keys: Had<HubKeys>;
  /** What the running hub says of itself; nothing when none runs. */
  readonly status: Had<HubStatus>;
}

const answerWithinMs = 5_000;

/** @param socket  where the hub listens when it runs */
export async function gatherFacts(config: HubConfig, socket: string, clock: Clock): Promise<Facts> {
  const secrets = openSecrets(config.dataDir);
  const status = await had(
    () => callRunning(socket, 'GET', '/status', answerWithinMs) as Promise<HubStatus | undefined>,
  );
  const enrolment = await had(async () => readEnrolment(config.dataDir));
  return {
    config,
    clock,
    secrets,
    enrolment,
    keys: enrolment === undefined ? undefined : await had(() => readKeys(secrets)),
    status,
  };
}

async function had<T>(get: () => Promise<T>): Promise<T | Fault> {
  try {
    return await get();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** @returns what there is, where it is there */
export const given = <T>(one: Had<T>): T | undefined => (one instanceof Fault ? undefined : one);
