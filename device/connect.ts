/** Connects a built hub with its cloud: hello, requests, journal upload, alarms that could not be written down. */

import type { DoorFacts } from '../wire/enrolment.ts';
import type { FaultCode } from '../wire/faults.ts';
import { peek, type SignKey } from '../wire/jws.ts';
import type { HelloAnswer } from '../wire/messages.ts';
import { timeForm } from '../wire/witness.ts';
import { type AlarmTeller, alarmTeller } from './bus/alarms.ts';
import { asker } from './bus/ask.ts';
import type { Bus } from './bus/bus.ts';
import { keepGreeting } from './bus/hello.ts';
import { type Handlers, requestTaker } from './bus/requests.ts';
import type { Clock } from './clock/clock.ts';
import type { TrustedClock } from './clock/trust.ts';
import type { Trust } from './grant/trust.ts';
import type { HubStore } from './journal/journal.ts';
import { Upload } from './journal/upload.ts';
import type { WitnessFinding } from './journal/witness.ts';
import type { Log } from './log.ts';
import { software } from './software.ts';

export interface ConnectParts {
  readonly hubId: string;
  readonly signKey: SignKey;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly time: TrustedClock;
  readonly trust: Trust;
  readonly store: HubStore;
  readonly log: Log;
  readonly doors: () => DoorFacts[];
  readonly handlers: Handlers;
  /** Takes a document that came with a hello. */
  readonly takeDocument: (text: string) => Promise<unknown>;
  /** A hello was answered, and what came with it was taken. @param askedMs  when it was said, by the monotonic clock @returns whether the hub has to say hello again soon */
  readonly greeted: (askedMs: number) => Promise<boolean>;
  readonly witnessed: (finding: WitnessFinding) => void;
  readonly messageRefused: (code: FaultCode) => void;
}

export interface Connection {
  start(): void;
  /** Asks the cloud at once for time, witness and documents. */
  greet(): void;
  /** Tells an alarm past the journal: now, and again until the cloud is known to have it. Rejects when it cannot be signed. */
  tellAlarm: AlarmTeller['tell'];
  close(): Promise<void>;
}

/** A hello that takes longer is said again soon, ms. */
const promptMs = 2_000;
const policy = { maxAheadMs: 90_000, maxInFlight: 64, remember: 1024 };

/** The answer was genuine; it is the hub's own clock that is not trusted. */
const isAboutTheClock = (code: FaultCode): boolean =>
  code === 'CLOCK_UNSET' || code === 'CLOCK_DISAGREES' || code === 'CLOCK_JUMPED' || code === 'CLOCK_BEHIND';

export function connectHub(parts: ConnectParts): Connection {
  const { bus, clock, trust, time, store, hubId, signKey, log } = parts;
  const cloudTime = cloudClock(clock);

  const upload = new Upload({
    store,
    signKey,
    issuers: () => trust.inForce().issuers,
    clock,
    publish: (batch) => bus.publish('journal', batch),
    onWitness: parts.witnessed,
    onRefused: (refusal) => log.messageRefused({ code: refusal.code, kind: 'ack' }),
    onFailed: () => log.journalFailed({ what: 'upload' }),
  });

  const takeRequest = requestTaker(
    parts.handlers,
    { ...policy, cloudNow: cloudTime.now },
    (instanceId, payload) => void bus.answer(instanceId, payload),
    (refusal) => parts.messageRefused(refusal.code),
  );

  const alarms = alarmTeller({ hubId, signKey, bus, clock, hurry: () => greeting.now() });

  const takeHello = async (answer: HelloAnswer, roundTripMs: number): Promise<boolean> => {
    const askedMs = clock.monotonic() - roundTripMs;
    const isQuiet = alarms.helloAnswered();
    // Sets first: the keys that the rest is signed with may be new.
    for (const document of answer.documents) await parts.takeDocument(document);
    const { issuers } = trust.inForce();
    if (issuers === undefined) return false;
    const agreed = await time.takeAnswer(answer.time, issuers);
    if (!agreed.ok) log.helloFailed({ code: agreed.code });
    // What the cloud signed over our nonce is the time by which it dates its requests, whether or not ours agrees.
    const said = peek(timeForm, answer.time);
    if (said.ok && (agreed.ok || isAboutTheClock(agreed.code))) cloudTime.set(said.value.claims.now + roundTripMs / 2);
    const witness = await trust.takeWitness(answer.witness);
    if (!witness.ok) log.helloFailed({ code: witness.code });
    await upload.onHello(answer);
    const hasNews = await parts.greeted(askedMs);
    // The cloud's time is known to half of the round trip: after a slow one, requests would be judged by a wrong clock.
    const isPrompt = roundTripMs <= promptMs;
    return isPrompt && isQuiet && !hasNews && agreed.ok && witness.ok && answer.documents.length === 0;
  };

  const greeting = keepGreeting({
    bus,
    clock,
    ask: asker(bus, clock),
    say: () => {
      alarms.beforeHello();
      const { roots, issuers, owners, epoch, floors } = trust.inForce();
      return {
        op: 'hello',
        nonce: time.ask(),
        versions: {
          rootSet: roots?.version ?? -1,
          issuerSet: issuers === undefined ? -1 : floors.issuerSet,
          ruleBook: floors.ruleBook,
          ownerList: owners?.version ?? -1,
          epoch,
        },
        head: store.journal.head(),
        doors: parts.doors(),
        software,
      };
    },
    take: takeHello,
    failed: (refusal) => log.helloFailed({ code: refusal.code }),
  });

  bus.onChange((online) => {
    if (online) upload.connected();
    else upload.disconnected();
  });
  bus.onMessage((kind, payload) => {
    if (kind === 'request') void takeRequest(payload).catch(() => log.requestFailed({}));
    if (kind === 'ack') {
      void upload.onAck(payload).then((judged) => {
        if (!judged.ok) parts.messageRefused(judged.code);
      });
    }
  });

  return {
    start: () => bus.start(),
    greet: () => greeting.now(),
    tellAlarm: alarms.tell,
    close: async () => {
      greeting.stop();
      upload.close();
      await bus.close();
    },
  };
}

/** The cloud's time as this hub last heard it, carried on by the monotonic clock: requests are aged by the clock that dated them. */
function cloudClock(clock: Clock): { now(): number; set(cloudMs: number): void } {
  let heard: { readonly cloudMs: number; readonly atMs: number } | undefined;
  return {
    now: () => (heard === undefined ? clock.now() : heard.cloudMs + (clock.monotonic() - heard.atMs)),
    set: (cloudMs) => {
      heard = { cloudMs, atMs: clock.monotonic() };
    },
  };
}
