/** A peripheral on an air of its own that answers as a Nuki does, by length alone: no cryptography, no lock. */
import { randomBytes } from 'node:crypto';
import { Air } from '../../hardware-sim/air/air.ts';
import { Controller } from '../../hardware-sim/air/controller.ts';
import { airPeripheral } from '../../hardware-sim/air/peripheral.ts';
import { serveController } from '../../hardware-sim/air/socket.ts';
import { layouts, uuids } from '../../hardware-sim/nuki/model.ts';
import { servicesOf } from '../../hardware-sim/nuki/services.ts';
import { lengths } from './ble-trace.ts';

export const scriptedAddress = 'c0:4e:55:4b:49:02';

export interface ScriptedAir {
  /** Of every packet, either way, ms. */
  latency(ms: number): void;
  close(): Promise<void>;
}

/**
 * Resolves when it advertises and the controller is at its path. Services, sizes of packets and of answers are those of the simulated Nuki.
 * @param path  Unix socket for one host
 */
export async function scriptedAir(path: string): Promise<ScriptedAir> {
  const air = new Air();
  const host = new Controller(air, { address: '00:00:00:00:00:02' });
  const lock = new Controller(air, { address: scriptedAddress, aclBytes: 27 });
  const answers = new Map<number, number>([
    [lengths.request, lengths.challenge],
    [lengths.action, lengths.status],
  ]);
  const device = await airPeripheral(lock.open, {
    name: 'Scripted',
    services: servicesOf(layouts.gen4, { nukiId: 1 }).map(({ uuid, characteristics }) => ({
      uuid,
      characteristics: characteristics.map((one) => ({ uuid: one.uuid, can: one.properties })),
    })),
    maxMtu: 247,
    onWrite: (_, bytes, connection) => {
      const length = answers.get(bytes.length);
      if (length !== undefined) device.send(uuids.usdio, randomBytes(length), connection);
    },
  });
  const stopServing = await serveController(host, path);
  return {
    latency: (ms) => host.fault({ latencyMs: ms }),
    close: async () => {
      await stopServing();
      await device.close();
    },
  };
}
