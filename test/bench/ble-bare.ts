/** noble and nothing else: the round trips of an unlock that the protocol of a Nuki does not let anybody avoid. */
import { randomBytes } from 'node:crypto';
import type { Characteristic, Peripheral } from '@stoprocent/noble';
import { startRadio } from '../../device/link/ble/noble.ts';
import { unixController } from '../../device/link/ble/unix.ts';
import { uuids } from '../../hardware-sim/nuki/model.ts';
import { scriptedAddress } from './ble-scripted.ts';
import { isAction, lengths, type Packet, tapped } from './ble-trace.ts';

/** One unlock. */
export interface Unlock {
  /** From the wish to the motor command on the air. */
  readonly us: number;
  /** What passed between the two. */
  readonly packets: readonly Packet[];
}

export interface BareBle {
  /** Connects, discovers, subscribes to both characteristics, asks for a challenge, commands. The connection stays. */
  cold(): Promise<Unlock>;
  /** Asks for a challenge and commands, on the connection that stands. */
  kept(): Promise<Unlock>;
  /** Ends the connection. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** Has heard the scripted peripheral, as the hub has heard its lock, and scans no more. */
export async function bareBle(path: string): Promise<BareBle> {
  let packets: Packet[] = [];
  let onAction = (_packet: Packet): void => undefined;
  const openLink = tapped(unixController(path), (packet) => {
    packets.push(packet);
    if (isAction(packet)) onAction(packet);
  });
  const radio = await startRadio(await openLink(), 10_000);
  const peripheral = await new Promise<Peripheral>((resolve) => {
    radio.noble.on('discover', (one) => one.address === scriptedAddress && resolve(one));
    radio.noble.startScanning([], true);
  });
  await radio.noble.stopScanningAsync();
  let commands: Characteristic | undefined;

  const connect = async (): Promise<void> => {
    await peripheral.connectAsync();
    const wanted = [uuids.gdio, uuids.usdio];
    const found = await peripheral.discoverSomeServicesAndCharacteristicsAsync([uuids.keyturner], wanted);
    for (const one of found.characteristics) await one.subscribeAsync();
    commands = found.characteristics.find(({ uuid }) => uuid === uuids.usdio);
  };
  const command = async (): Promise<void> => {
    const heard = new Promise((resolve) => commands?.once('data', resolve));
    await commands?.writeAsync(randomBytes(lengths.request), false);
    await heard;
    const told = new Promise((resolve) => commands?.once('data', resolve));
    await commands?.writeAsync(randomBytes(lengths.action), false);
    await told;
  };
  const timed = async (...steps: readonly (() => Promise<void>)[]): Promise<Unlock> => {
    packets = [];
    const startedMs = performance.now();
    const sent = new Promise<Unlock>((resolve) => {
      onAction = ({ atMs }) => resolve({ us: (atMs - startedMs) * 1000, packets: [...packets] });
    });
    for (const step of steps) await step();
    return sent;
  };
  return {
    cold: () => timed(connect, command),
    kept: () => timed(command),
    rest: () => peripheral.disconnectAsync(),
    close: () => radio.stop(),
  };
}
