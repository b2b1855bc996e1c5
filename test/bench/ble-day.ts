/** A day of a Nuki without visits, wound: the shipped driver on one lock, a client that follows the vendor's guidance on its twin. */
import { randomBytes } from 'node:crypto';
import type { GattAdapter, GattLink } from '../../device/link/gatt.ts';
import type { Credentials } from '../../device/lock/nuki/credentials.ts';
import { nukiLock } from '../../device/lock/nuki/driver.ts';
import type { LogTaker } from '../../device/lock/nuki/log-reader.ts';
import { SimClock } from '../../hardware-sim/clock.ts';
import { Door } from '../../hardware-sim/door/door.ts';
import type { NukiModel } from '../../hardware-sim/nuki/model.ts';
import type { SimNuki } from '../../hardware-sim/nuki/nuki.ts';
import { Client, u16, u32 } from '../hardware-sim/nuki/client.ts';
import { pin as fourDigits, street } from '../hardware-sim/nuki/street.ts';
import { gattPipe } from '../support/gatt-pipe.ts';

/** What went over the air. */
export interface Radio {
  connections: number;
  /** Messages to the lock. */
  questions: number;
  /** Messages of the lock. */
  answers: number;
  connectedS: number;
}

export interface QuietDay {
  readonly hub: Radio;
  readonly guidance: Radio;
}

export interface DayOptions {
  /** `ultra`: it knows apps alone, whose reading leaves the flag in its adverts up. */
  readonly model: NukiModel;
  /** How often the household turns the bolt, at moments that are spread over the day. */
  readonly movements: number;
}

const address = '54:d2:72:00:00:01';
const daySeconds = 24 * 3_600;
/** Nothing is on the air: time goes in such steps, and so do the adverts. */
const restStepMs = 1_000;
/** While a connection stands: as long as a packet takes. */
const busyStepMs = 15;
const mtu = 247;
const pollS = 30 * 60;
const configS = 60 * 60;

export async function quietDay({ model, movements }: DayOptions): Promise<QuietDay> {
  const clock = new SimClock();
  const pin = model === 'ultra' ? 123_456 : fourDigits;
  const lockOn = () => {
    const door = new Door('front', clock, { leafMs: 600, latchMs: 100, boltMs: 1_000 }, () => undefined);
    return street({ model, clock, door, pin }).nuki;
  };
  const [ours, twin] = [lockOn(), lockOn()];
  const radio = gattPipe(new Map([[address, ours]]), {
    ...{ clock, mtu, latencyMs: busyStepMs, advertEveryMs: restStepMs },
  });
  const watched = watch(radio);
  const credentials = paired(ours, new Client(ours, pinBytes(model)), model, pin);
  const { lock } = nukiLock({
    ...{ adapter: watched.adapter, address, credentials },
    ...{ clock, now: () => clock.now(), doorSensor: true, pullsLatch: true, log: takesAll() },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    onEvent: () => undefined,
  });
  const guided = new GuidedClient(twin, pinBytes(model));
  paired(twin, guided, model, pin);
  guided.begin(pin);

  await lock.start();
  const everyS = movements === 0 ? Number.POSITIVE_INFINITY : Math.floor(daySeconds / movements);
  let isThrown = true;
  for (let second = 0; second < daySeconds; second += 1) {
    // Not at the moment of a poll, which would hide it.
    if (second % everyS === Math.floor(everyS / 2) + 7) {
      isThrown = !isThrown;
      for (const nuki of [ours, twin]) nuki.turn(isThrown ? 'locked' : 'unlocked');
    }
    guided.look(second, twin.advert()?.manufacturerData);
    for (let passedMs = 0; passedMs < restStepMs; ) {
      await heard();
      const stepMs = Math.min(watched.isBusy() ? busyStepMs : restStepMs, restStepMs - passedMs);
      clock.advance(stepMs);
      watched.pass(stepMs);
      passedMs += stepMs;
    }
  }
  await lock.close();
  ours.close();
  twin.close();
  return { hub: watched.radio, guidance: guided.radio };
}

const pinBytes = (model: NukiModel): 2 | 4 => (model === 'ultra' ? 4 : 2);
/** All that waits for a promise alone has run. */
const heard = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const takesAll = (): LogTaker => {
  let last: number | undefined;
  return {
    lastIndex: () => last,
    begin: async (index) => {
      last = index;
    },
    take: async (entries) => {
      last = entries.at(-1)?.index ?? last;
    },
  };
};

/** Pairs as the shipped hub does: as a bridge where the lock knows bridges. */
function paired(nuki: SimNuki, client: Client, model: NukiModel, pin: number): Credentials {
  nuki.holdButton();
  client.connect(mtu);
  if (model === 'ultra') client.pairWithPin(pin);
  else client.pair({ idType: 1 });
  client.disconnect();
  const { id: authorizationId, key } = client.me!;
  return {
    ...{ variant: model === 'ultra' ? 'newer' : 'older', as: model === 'ultra' ? 'app' : 'bridge', pin },
    ...{ key, authorizationId, appId: 7, uuid: new Uint8Array(16) },
  };
}

/** Counts what the driver does with its adapter. */
function watch(adapter: GattAdapter) {
  const radio: Radio = { connections: 0, questions: 0, answers: 0, connectedS: 0 };
  let link: GattLink | undefined;
  let connecting = 0;
  const watchedLink = (inner: GattLink): GattLink => ({
    get connected() {
      return inner.connected;
    },
    get mtu() {
      return inner.mtu;
    },
    connect: async (characteristics, withinMs) => {
      connecting += 1;
      try {
        const was = inner.connected;
        await inner.connect(characteristics, withinMs);
        if (!was) radio.connections += 1;
      } finally {
        connecting -= 1;
      }
    },
    disconnect: () => inner.disconnect(),
    write: (uuid, bytes, withinMs) => {
      radio.questions += 1;
      return inner.write(uuid, bytes, withinMs);
    },
    read: (uuid, withinMs) => inner.read(uuid, withinMs),
    subscribe: (uuid, listener, withinMs) =>
      inner.subscribe(
        uuid,
        (bytes) => {
          radio.answers += 1;
          listener(bytes);
        },
        withinMs,
      ),
    onDisconnected: (listener) => inner.onDisconnected(listener),
  });
  return {
    radio,
    isBusy: () => connecting > 0 || link?.connected === true,
    pass: (ms: number) => {
      if (link?.connected === true) radio.connectedS += ms / 1_000;
    },
    adapter: {
      ...{ state: 'ready', close: () => adapter.close() },
      onState: (listener) => adapter.onState(listener),
      listen: (listener) => adapter.listen(listener),
      link: (at) => {
        link ??= watchedLink(adapter.link(at));
        return link;
      },
    } satisfies GattAdapter as GattAdapter,
  };
}

/**
 * Connects every 30 minutes, and at a flag that rose; reads the states, every 60 minutes the configuration too, after a flag the log,
 * in one page; lets go at once.
 */
class GuidedClient extends Client {
  readonly radio: Radio = { connections: 0, questions: 0, answers: 0, connectedS: 0 };
  #pin = 0;
  #askedAtS = Number.NEGATIVE_INFINITY;
  #configAtS = Number.NEGATIVE_INFINITY;
  #wasUp = false;
  #newest = 0;
  #isCounting = false;

  /** What was said until now, in pairing, does not count. */
  begin(pin: number): void {
    this.#pin = pin;
    this.#isCounting = true;
    this.pieces.length = 0;
  }

  override write(to: string, bytes: Uint8Array): void {
    if (this.#isCounting) this.radio.questions += 1;
    super.write(to, bytes);
  }

  look(second: number, beacon: Uint8Array | undefined): void {
    const isUp = ((beacon?.at(-1) ?? 0) & 1) === 1;
    // Its reading does not take the flag of an app down: only one that rises says something.
    const rose = isUp && !this.#wasUp;
    this.#wasUp = isUp;
    if (!rose && second - this.#askedAtS < pollS) return;
    this.#askedAtS = second;
    this.radio.connections += 1;
    this.connect(mtu);
    this.states();
    if (second - this.#configAtS >= configS) {
      this.#configAtS = second;
      this.guarded(0x14);
    }
    if (rose) this.#readLog();
    this.disconnect();
    this.radio.answers = this.pieces.length;
  }

  #readLog(): void {
    const body = Buffer.concat([u32(this.#newest), u16(20), Buffer.from([0, 0])]);
    const entries = this.withPin(0x31, body, this.#pin).filter(({ command }) => command === 0x32);
    this.#newest = entries.at(-1)?.payload.readUInt32LE() ?? this.#newest;
  }
}
