/** A hub's Nuki door in a time that is wound by hand: the shipped driver with its shipped deadlines, and a lock to which things happen at an exact message. */
import { randomBytes } from 'node:crypto';
import type { InstalledDoor } from '../../device/lock/installed.ts';
import { installNuki } from '../../device/lock/nuki/install.ts';
import type { NukiEvent } from '../../device/lock/nuki/options.ts';
import { SimClock } from '../../hardware-sim/clock.ts';
import { Door } from '../../hardware-sim/door/door.ts';
import type { NukiModel } from '../../hardware-sim/nuki/model.ts';
import type { SimNuki } from '../../hardware-sim/nuki/nuki.ts';
import { Fault } from '../../wire/faults.ts';
import { Client } from '../hardware-sim/nuki/client.ts';
import { street } from '../hardware-sim/nuki/street.ts';
import { type AtMessage, atMessage } from './at-message.ts';
import { type GattPipe, gattPipe } from './gatt-pipe.ts';

/** A fault that lasts until it is mended. */
export const lasting = (what: Parameters<WoundNuki['fault']>[0]) => ({
  begin: ({ fault }: WoundNuki): void => fault(what),
  end: ({ fault }: WoundNuki): void => fault({ ...what, active: false }),
});

export const address = '54:d2:72:00:00:01';
const times = { leafMs: 500, latchMs: 100, boltMs: 1_000 };
/** How long the lock takes for an answer. */
export const replyMs = 20;

export interface WoundNuki extends Omit<AtMessage, 'heard'> {
  readonly clock: SimClock;
  readonly door: Door;
  readonly nuki: SimNuki;
  readonly fault: ReturnType<typeof street>['fault'];
  readonly radio: GattPipe;
  /** What a phone of the household does with the lock, in no time. */
  readonly phone: (act: (client: Client) => void) => void;
  readonly pin: number;
  /** What the hub keeps of the lock. */
  readonly kept: Map<string, Uint8Array>;
  readonly events: NukiEvent[];
  /** The door as the hub builds it, not started; again: as after a restart. */
  install(): Promise<InstalledDoor>;
  /** Lets time pass until `work` is over. @returns how long that took, ms @throws Fault INTERNAL when it takes longer than `withinMs` */
  wind(work: Promise<unknown>, withinMs: number): Promise<number>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function woundNuki(model: NukiModel): WoundNuki {
  const clock = new SimClock();
  const door = new Door('front', clock, times, () => undefined);
  let isPhone = false;
  const { nuki, fault } = street({
    ...{ model, clock, door, boltMs: times.boltMs, latchMs: times.latchMs },
    get replyMs() {
      return isPhone ? 0 : replyMs;
    },
  });
  const isNewer = model === 'ultra';
  const pin = isNewer ? 123_456 : 1234;
  const client = new Client(nuki, isNewer ? 4 : 2);
  const phone = (act: (client: Client) => void): void => {
    isPhone = true;
    client.connect();
    act(client);
    client.disconnect();
    isPhone = false;
  };

  const messages = atMessage(nuki);
  const radio = gattPipe(new Map([[address, messages.heard]]), { clock, advertEveryMs: 1_000 });

  const kept = new Map<string, Uint8Array>();
  const secrets = {
    get: async (name: string) => kept.get(name),
    put: async (name: string, bytes: Uint8Array) => void kept.set(name, bytes),
    remove: async (name: string) => void kept.delete(name),
  };
  const events: NukiEvent[] = [];
  const pass = async (ms: number): Promise<void> => {
    let over = false;
    clock.after(ms, () => {
      over = true;
    });
    while (!over) {
      await turn();
      clock.advance(clock.dueInMs ?? 0);
    }
    await turn();
  };

  return {
    ...{ clock, door, nuki, fault, radio, phone, pin, kept, events, pass },
    install: async () => {
      const config = { kind: 'nuki', address, doorSensor: true, pullsLatch: true } as const;
      const installed = await installNuki(new Map([['front', config]]), {
        ...{ hubId: 'hub-a', adapter: radio, clock, secrets, now: () => undefined },
        onEvent: (event) => events.push(event),
        randomBytes: (count) => new Uint8Array(randomBytes(count)),
      });
      return installed.get('front')!;
    },
    at: messages.at,
    get written() {
      return messages.written;
    },
    hangUp: messages.hangUp,
    wind: async (work, withinMs) => {
      const begunMs = clock.monotonic();
      let isOver = false;
      const done = (): void => {
        isOver = true;
      };
      work.then(done, done);
      for (;;) {
        // What has just happened is worked off before time goes on.
        await turn();
        await turn();
        const tookMs = clock.monotonic() - begunMs;
        if (isOver) return tookMs;
        const dueInMs = clock.dueInMs;
        if (dueInMs === undefined || tookMs + dueInMs > withinMs) throw new Fault('INTERNAL', { hangsAfterMs: tookMs });
        clock.advance(dueInMs);
      }
    },
    pass,
  };
}
