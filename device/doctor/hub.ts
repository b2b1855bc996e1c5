/** Does the hub run, is it connected, and does it take visits? */
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { Facts } from './facts.ts';
import { type Finding, fail, failBy, ok, warn } from './finding.ts';

export function checkHub({ status, config }: Facts): Finding[] {
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
  if (status instanceof Fault) return [failBy('hub', status)];
  const { online, refusing, owners, doors } = status;
  if (refusing !== undefined && refusing in faults) return [failBy('hub', new Fault(refusing as FaultCode))];
  if (!online) {
    return [
      fail(
        'hub',
        'BROKER_UNREACHABLE',
        'it runs, and is not connected with the broker',
        'See broker and certificate above.',
      ),
    ];
  }
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
