/** All checks of a hub, in the order in which they build on each other. */
import type { Clock } from '../clock/clock.ts';
import type { HubConfig } from '../config/schema.ts';
import { checkBroker } from './broker.ts';
import { checkCameras } from './cameras.ts';
import { checkCloud } from './cloud.ts';
import { checkContacts } from './contacts.ts';
import { checkDataFolder } from './data-folder.ts';
import { checkDisk, roomAt } from './disk.ts';
import { checkEnrolment } from './enrolment.ts';
import { gatherFacts, given } from './facts.ts';
import { type Finding, failBy, ok, warn } from './finding.ts';
import { checkHub } from './hub.ts';
import { checkJournal } from './journal.ts';
import { checkLocks } from './locks.ts';
import { checkNode } from './node.ts';
import { checkPorts } from './ports.ts';
import { checkRadio } from './radio.ts';
import { checkSecrets } from './secrets.ts';

export interface Patient {
  /** Reads the configuration. @throws Fault CONFIG_MISSING, CONFIG_INVALID */
  readonly load: () => HubConfig;
  readonly socketOf: (config: HubConfig) => string;
  readonly nodeVersion: string;
  readonly clock: Clock;
}

/** @returns what is found, check by check, as it is found. Without a configuration, or a data folder that can be used, it ends early */
export async function* examine({ load, socketOf, nodeVersion, clock }: Patient): AsyncGenerator<Finding> {
  yield checkNode(nodeVersion);
  let config: HubConfig;
  try {
    config = load();
  } catch (error) {
    yield failBy('configuration', error);
    return;
  }
  yield config.doors.length === 0
    ? warn('configuration', 'fits its schema; no doors', 'doorward door add')
    : ok('configuration', `fits its schema; doors: ${config.doors.map(({ name }) => name).join(', ')}`);
  const folder = await checkDataFolder(config.dataDir);
  yield folder;
  // Nothing that lies in it could be told from what is not there.
  if (folder.level === 'fail' && folder.code !== 'SECRET_MISSING') return;
  yield checkDisk(await roomAt(config.dataDir), config.recordings.reserveBytes);
  const facts = await gatherFacts(config, socketOf(config), clock);
  const status = given(facts.status);
  yield await checkSecrets(facts);
  yield* checkEnrolment(facts);
  yield* await checkCloud(facts);
  yield await checkBroker(facts);
  yield* await checkPorts(config, facts.status !== undefined);
  yield* await checkRadio(config, status, facts.status !== undefined);
  if (status !== undefined) yield* checkLocks(status);
  yield* checkContacts(config, status);
  yield* checkCameras(config, status, { isRunning: facts.status !== undefined, clock });
  yield await checkJournal(facts);
  yield* checkHub(facts);
}
