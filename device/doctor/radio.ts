/** Is the Bluetooth adapter there, on, allowed and free, where a door needs it? */
import { Fault } from '../../wire/faults.ts';
import { holderOf } from '../config/holder.ts';
import type { HubConfig } from '../config/schema.ts';
import { controllerOf } from '../doors.ts';
import type { HubStatus } from '../status.ts';
import { type Finding, failBy, ok, warn } from './finding.ts';

const check = 'bluetooth';

/** Beside a hub that runs it is asked: the hub has the adapter for itself. Nothing where no door needs it. */
export async function checkRadio(
  { doors, bluetooth }: HubConfig,
  status: HubStatus | undefined,
  isRunning: boolean,
): Promise<Finding[]> {
  if (!doors.some((door) => holderOf(door) === 'nuki')) return [];
  const name = bluetooth.socket ?? `hci${bluetooth.adapter}`;
  if (status !== undefined) return [ofHub(name, status)];
  if (isRunning) return [warn(check, `${name}: the hub that has it does not answer`, 'Mend the hub first.')];
  try {
    const link = await (await controllerOf(bluetooth))();
    await link.close();
    return [ok(check, `${name} is there, and free for the hub`)];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { reason, do: how } = error.detail;
    const code = reason === 'permission' ? 'BLE_PERMISSION_MISSING' : 'BLE_UNAVAILABLE';
    return [failBy(check, new Fault(code, { adapter: name, ...told(reason, how) }))];
  }
}

function ofHub(name: string, { radio }: HubStatus): Finding {
  if (radio === undefined) {
    return warn(
      check,
      `${name}: the hub runs without it`,
      'Restart the hub: it does not know its Bluetooth doors yet.',
    );
  }
  if (radio.state === 'ready') return ok(check, `${name} is ready, and the hub has it for itself`);
  return failBy(check, new Fault(radio.state, { adapter: name, ...told(radio.reason, radio.do) }));
}

const told = (reason: unknown, how: unknown): { reason?: string; do?: string } => ({
  ...(typeof reason === 'string' ? { reason } : {}),
  ...(typeof how === 'string' ? { do: how } : {}),
});
