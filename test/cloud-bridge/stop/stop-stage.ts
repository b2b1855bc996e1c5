/** A courier at a stop, over HTTP, with real keys and a real hub connection by script. */
import { readFileSync } from 'node:fs';
import type { Test } from 'tap';
import { readCodeKey } from '../../../cloud-bridge/code/key.ts';
import { codesOf, readCodeStop } from '../../../cloud-bridge/code/of-stop.ts';
import { accountHolderId } from '../../../cloud-bridge/code/receivers.ts';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { judge } from '../../../cloud-bridge/notify/judge.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import type { Store } from '../../../cloud-bridge/store/store.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import type { Place } from '../../../wire/plan.ts';
import { type StopActClaims, type StopView, stopActForm } from '../../../wire/stop.ts';
import { makeHome } from '../support/home.ts';
import { type Carrier, type Courier, makeCarrier, makeCourier } from '../support/people.ts';
import type { Answer, World } from '../support/world.ts';

type Wish<K extends StopActClaims['act'] = StopActClaims['act']> = { readonly act: K } & Record<string, unknown>;

export interface StopStage extends Awaited<ReturnType<typeof makeHome>> {
  readonly store: Store;
  readonly carrier: Carrier;
  readonly account: string;
  /** Puts the owner's wishes in force. */
  wish(wishes: object): Promise<void>;
  /** Announces a delivery, and binds its task to a new courier's phone. */
  task(can?: readonly Place[], fields?: object): Promise<StopTask>;
  /** The right code of the home's own holder. */
  codeOf(delivery: string): Promise<string>;
  /** What the owner is told of this delivery, in order: keys of texts. */
  noticed(delivery: string): Promise<(string | undefined)[]>;
  /** Events of a party since the start, of this delivery. */
  told(party: 'home' | 'carrier', delivery: string): Promise<Record<string, unknown>[]>;
}

export interface StopTask {
  readonly delivery: string;
  readonly path: string;
  readonly courier: Courier;
  /** As it stands now. */
  look(by?: Courier): Promise<Answer>;
  /** Signs an act over what stands now, unless told otherwise, and sends it. */
  act(wish: Wish, more?: { digits?: string; by?: Courier; claims?: Partial<StopActClaims> }): Promise<Answer>;
  sign(wish: Wish, more?: { by?: Courier; claims?: object }): Promise<string>;
  send(act: string, digits?: string, by?: Courier): Promise<Answer>;
}

/** Where it is early in the morning now: no test runs into a midnight. */
function morningZone(): string {
  const hour = new Date().getUTCHours();
  const ahead = ((5 - hour + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

export async function openStopStage(t: Test): Promise<StopStage> {
  const home = await makeHome(t);
  const { world, hub, owner } = home;
  const carrier = await makeCarrier(world);
  const store = await openSqliteStore(layoutOf(world.dataDir).database);
  t.teardown(() => store.close());
  const at = layoutOf(world.dataDir).codeKey;
  const key = readCodeKey(readFileSync(at, 'utf8'), at);
  const account = accountHolderId(hub.home);
  let version = 0;
  return {
    ...home,
    store,
    carrier,
    account,
    wish: (wishes) =>
      store.write(({ wishBooks }) => {
        version += 1;
        const text = JSON.stringify({ zone: morningZone(), waitSeconds: 60, ...wishes });
        return wishBooks.put({ home: hub.home, version, by: owner.key.kid, at: 0, text });
      }),
    task: async (can, fields = {}) => {
      const announced = await carrier.announce(hub, { ...(can === undefined ? {} : { can }), ...fields });
      if (announced.status !== 201) throw new TypeError(JSON.stringify(announced.body));
      return taskOf(world, carrier, announced.body.delivery);
    },
    codeOf: async (id) => {
      const delivery = (await store.read.deliveries.find(id))!;
      const attempt = (await store.read.attempts.find(id, delivery.attempt))!;
      const stop = await readCodeStop(store.read, delivery, attempt, world.now());
      return codesOf(key, 6, stop, account).now;
    },
    noticed: async (delivery) => {
      const row = (await store.read.hubs.find(hub.id))!;
      const events = await store.read.events.after(`home:${hub.home}`, 0, 1_000);
      const all = [];
      for (const event of events) {
        for (const one of await judge(event, store.read, row)) {
          if (one.do === 'tell' && one.about === `delivery:${delivery}`) all.push(one.says.text ?? one.kind);
        }
      }
      return all;
    },
    told: async (party, delivery) => {
      const name = party === 'home' ? `home:${hub.home}` : `carrier:${carrier.id}`;
      const events = await store.read.events.after(name, 0, 1_000);
      return (
        events
          .map(({ type, data }) => ({ type, ...(JSON.parse(data) as Record<string, unknown>) }))
          .filter((one) => 'delivery' in one && one.delivery === delivery)
          // It follows by itself, sooner or later.
          .filter(({ type }) => type !== 'stop.receipt')
      );
    },
  };
}

export async function taskOf(world: World, carrier: Carrier, delivery: string): Promise<StopTask> {
  const courier = await makeCourier(world);
  const link = await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} });
  const path = `/v1/tasks/${link.body.token}`;
  await courier.ask('POST', `${path}/claim`, { body: {}, key: false });
  const task: StopTask = {
    delivery,
    path,
    courier,
    look: (by = courier) => by.ask('GET', `${path}/stop`),
    sign: async (wish, { by = courier, claims = {} } = {}) => {
      const view = (await task.look()).body as Partial<StopView>;
      const base = { delivery, attempt: view.attempt ?? 1, jti: newId(), nonce: view.nonce ?? newId() };
      const iat = Math.floor(world.now() / 1000);
      return signDocument(stopActForm, { ...base, iat, ...wish, ...claims } as StopActClaims, by.key);
    },
    send: (act, digits, by = courier) =>
      by.ask('POST', `${path}/stop/acts`, { body: { act, ...(digits === undefined ? {} : { digits }) }, key: false }),
    act: async (wish, { digits, by = courier, claims = {} } = {}) =>
      task.send(await task.sign(wish, { by, claims }), digits, by),
  };
  return task;
}
