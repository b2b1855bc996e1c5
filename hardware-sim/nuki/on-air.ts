/** A Nuki on the air: its GATT services spoken by a real stack, on a controller of its own. */
import { type Air, ended } from '../air/air.ts';
import { Controller } from '../air/controller.ts';
import { type AirPeripheral, airPeripheral } from '../air/peripheral.ts';
import type { Central, GattConnection, GattService } from './gatt.ts';
import type { SimNuki } from './nuki.ts';

/** Largest ATT_MTU that it agrees to. */
const maxMtu = 247;
const attBytes = 3;
/** What one ACL packet of such a controller holds. */
const aclBytes = 27;

export interface NukiOnAir {
  readonly nuki: SimNuki;
  readonly controller: Controller;
  /** Out of everybody's reach, or no more; beside what is wrong with the lock itself. */
  shadow(on: boolean): void;
  close(): Promise<void>;
}

export interface OnAirOptions {
  /** `aa:bb:cc:dd:ee:ff` */
  readonly address: string;
  /** Indications carry no more, whatever the MTU. */
  readonly chunkBytes?: number;
}

/** Resolves when it advertises. */
export async function nukiOnAir(air: Air, nuki: SimNuki, options: OnAirOptions): Promise<NukiOnAir> {
  const { address, chunkBytes = maxMtu } = options;
  const controller = new Controller(air, { address, aclBytes });
  const connections = new Map<number, GattConnection>();
  let isShadowed = false;

  const follow = (): void => {
    const [shadow, deaf] = [isShadowed || !nuki.inReach, !nuki.hasRoom];
    const { faults } = controller;
    if (faults.shadow !== shadow || faults.deaf !== deaf) controller.fault({ shadow, deaf });
  };
  const admit = (handle: number): void => {
    const central: Central = {
      mtu: () => Math.min(device.mtuOf(handle), chunkBytes + attBytes),
      indicate: (uuid, bytes) => device.send(uuid, bytes, handle),
      hangUp: () => device.disconnect(handle),
    };
    const connection = nuki.connect(central);
    // As a radio tells of a connection that did not come about.
    if (connection === undefined) controller.hangUp(handle, ended.notEstablished);
    else connections.set(handle, connection);
  };

  let told = nuki.advert();
  const device: AirPeripheral = await airPeripheral(controller.open, {
    name: told?.name ?? nuki.id,
    services: nuki.services.map(({ uuid, characteristics }) => ({
      uuid,
      characteristics: characteristics.map((one) => ({ uuid: one.uuid, can: one.properties })),
    })),
    maxMtu,
    ...(told ? { advert: told.payload } : {}),
    onWrite: (uuid, bytes, handle) => connections.get(handle)?.onWrite(uuid, bytes),
    onRead: (uuid) => readValue(nuki.services, uuid),
    onSubscribe: (uuid, isOn, handle) => connections.get(handle)?.onSubscribe(uuid, isOn),
    onConnected: (_, handle) => admit(handle),
    onDisconnected: (_, handle) => {
      const connection = connections.get(handle);
      connections.delete(handle);
      connection?.onEnd();
    },
  });
  const stopFollowing = nuki.onChange(() => {
    follow();
    const next = nuki.advert();
    const isSame = next === undefined || (told !== undefined && Buffer.compare(next.payload, told.payload) === 0);
    if (isSame) return;
    told = next;
    // A connection that comes about meanwhile leaves it unanswered; the data is set all the same.
    device.advertise(next.payload).catch(() => undefined);
  });
  follow();
  return {
    nuki,
    controller,
    shadow: (on) => {
      isShadowed = on;
      follow();
    },
    close: async () => {
      stopFollowing();
      nuki.close();
      await device.close();
    },
  };
}

const readValue = (services: readonly GattService[], uuid: string): Uint8Array =>
  services.flatMap((one) => one.characteristics).find((one) => one.uuid === uuid)?.value ?? new Uint8Array();
