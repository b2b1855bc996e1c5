/** Are the serial ports there, may the hub use them, and are they free? */
import { access, constants, stat } from 'node:fs/promises';
import { osdpOf } from '../config/osdp.ts';
import type { HubConfig } from '../config/schema.ts';
import { serialLink } from '../link/serial.ts';
import { type Finding, fail, failBy, ok } from './finding.ts';

/** @param isRunning  the hub has its ports for itself: they are looked at, not opened */
export async function checkPorts({ doors }: HubConfig, isRunning: boolean): Promise<Finding[]> {
  const ports = new Map<string, number>();
  for (const door of doors) {
    for (const one of [osdpOf(door)?.config, door.stills]) if (one !== undefined) ports.set(one.port, one.baudRate);
  }
  return Promise.all([...ports].map(([path, baudRate]) => checkPort(path, baudRate, isRunning)));
}

async function checkPort(path: string, baudRate: number, isRunning: boolean): Promise<Finding> {
  const check = 'serial port';
  try {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !found.isCharacterDevice()) {
      return fail(
        check,
        'LINK_OPEN_FAILED',
        `${path} is no serial port`,
        'Name one of /dev/serial/by-id/ in the configuration.',
      );
    }
    if (isRunning && (await canUse(path))) return ok(check, `${path}, in use by the hub`);
    const link = await serialLink({ path, baudRate })();
    await link.close();
    return ok(check, `${path} is free`);
  } catch (error) {
    return failBy(check, error);
  }
}

const canUse = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
