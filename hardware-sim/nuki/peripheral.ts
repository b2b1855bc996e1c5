/** A Nuki's GATT services spoken by a real stack, on whatever controller is given. */
import type { Plug } from '../air/controller.ts';
import { type AirPeripheral, airPeripheral } from '../air/peripheral.ts';
import type { Central, GattConnection, GattService } from './gatt.ts';
import type { SimNuki } from './nuki.ts';

/** Largest ATT_MTU that it agrees to. */
const maxMtu = 247;
const attBytes = 3;

export interface NukiPeripheralOptions {
  /** Indications carry no more, whatever the MTU. */
  readonly chunkBytes?: number;
  /** The lock takes no such connection. Left out: it is ended as by the device. @param handle  of the link */
  readonly refuse?: (handle: number) => void;
}

/**
 * Resolves when it advertises; what it advertises follows the lock.
 * @param open  of a `Controller`, or of another one that speaks H4
 */
export async function nukiPeripheral(
  open: () => Promise<Plug>,
  nuki: SimNuki,
  { chunkBytes = maxMtu, refuse }: NukiPeripheralOptions = {},
): Promise<Pick<AirPeripheral, 'address' | 'close'>> {
  const connections = new Map<number, GattConnection>();
  const admit = (handle: number): void => {
    const central: Central = {
      mtu: () => Math.min(device.mtuOf(handle), chunkBytes + attBytes),
      indicate: (uuid, bytes) => device.send(uuid, bytes, handle),
      hangUp: () => device.disconnect(handle),
    };
    const connection = nuki.connect(central);
    if (connection !== undefined) connections.set(handle, connection);
    else if (refuse !== undefined) refuse(handle);
    else device.disconnect(handle);
  };

  let told = nuki.advert();
  const device: AirPeripheral = await airPeripheral(open, {
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
    const next = nuki.advert();
    const isSame = next === undefined || (told !== undefined && Buffer.compare(next.payload, told.payload) === 0);
    if (isSame) return;
    told = next;
    // A connection that comes about meanwhile leaves it unanswered; the data is set all the same.
    device.advertise(next.payload).catch(() => undefined);
  });
  return {
    get address() {
      return device.address;
    },
    close: async () => {
      stopFollowing();
      for (const connection of connections.values()) connection.onEnd();
      connections.clear();
      await device.close();
    },
  };
}

const readValue = (services: readonly GattService[], uuid: string): Uint8Array =>
  services.flatMap((one) => one.characteristics).find((one) => one.uuid === uuid)?.value ?? new Uint8Array();
