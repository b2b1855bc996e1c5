/** Does the hub run, is it connected, and does it take visits? */
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { Facts } from './facts.ts';
import { type Finding, fail, failBy, ok, warn } from './finding.ts';

export function checkHub({ status, config }: Pick<Facts, 'status' | 'config'>): Finding[] {
  if (status === undefined) {
    return [
      fail(
        'hub',
        'DAEMON_UNREACHABLE',
        'it does not run; locks and contacts were not asked',
        'doorward hub run, as a service.',
      ),
    ];
  }
  if (status instanceof Fault) {
    if (status.code !== 'DAEMON_UNREACHABLE') return [failBy('hub', status)];
    const fix = 'Restart it; its log tells what it did last.';
    return [fail('hub', status.code, 'it runs, and does not answer on its control socket', fix)];
  }
  const { online, refusing, owners, doors } = status;
  const wrong: Finding[] = [];
  if (!online) {
    const fix = 'See broker and certificate above.';
    wrong.push(fail('hub', 'BROKER_UNREACHABLE', 'it runs, and is not connected with the broker', fix));
  }
  if (refusing !== undefined && refusing in faults) wrong.push(refusal(refusing as FaultCode));
  if (wrong.length > 0) return wrong;
  const ids = new Set(doors.map(({ id }) => id));
  const isSame = ids.size === config.doors.length && config.doors.every(({ id }) => ids.has(id));
  return [
    isSame
      ? ok('hub', `runs, is connected, ${doors.length} doors`)
      : warn('hub', 'runs with other doors than are configured', 'Restart the hub.'),
    owners === 0
      ? warn('owner', 'nobody has taken the home over yet', 'doorward owner handover')
      : ok('owner', `${owners} ${owners === 1 ? 'device' : 'devices'} of owners`),
  ];
}

/** It waits for the cloud, or somebody has to look. */
function refusal(code: FaultCode): Finding {
  const waits = code === 'HUB_UNWITNESSED';
  return failBy(
    'hub',
    new Fault(code, waits ? { do: 'It takes no visits until the cloud has answered: see above.' } : {}),
  );
}
