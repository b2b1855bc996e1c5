/** A home with one line in memory and a wound clock, and a controller at its other end. */
import { SimClock } from '../../../hardware-sim/clock.ts';
import type { LineAsked } from '../../../hardware-sim/config.ts';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { Controller } from './controller.ts';

type PeripheralAsked = LineAsked['peripherals'][number];

/** Two turns of the microtask queue carry bytes there and back; one macrotask is after both. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @param over  what differs from an unpaired peripheral at address 0 with a front door */
export async function street(over: Partial<PeripheralAsked> = {}, more: readonly PeripheralAsked[] = [], seed = 1) {
  const clock = new SimClock();
  const front = { id: 'front', output: 0, contactInput: 0, monitorInput: 1 };
  const first: PeripheralAsked = { address: 0, doors: [front], ...over };
  const lines = [{ id: 'bus', paced: false, peripherals: [first, ...more] }];
  const home = startSimHome({ seed, lines, cameras: [{ id: 'porch', door: 'front' }] }, clock);
  const line = home.line('bus');
  const link = await line.connect();
  let arrived: Uint8Array[] = [];
  link.onData((chunk) => arrived.push(chunk));
  const carry = async (command: Uint8Array): Promise<Uint8Array | undefined> => {
    arrived = [];
    await link.write(command);
    await turn();
    return arrived[0];
  };
  return {
    clock,
    home,
    line,
    link,
    carry,
    door: home.door('front'),
    controller: (address = 0) => new Controller(carry, address),
    arrived: () => arrived,
    turn,
  };
}
