/**
 * What a course has at a stop: looked at as long as nothing else goes on, acted in by presses alone. The cloud says how it stands, so that
 * it goes on from wherever the phone was cut off. What was typed is in no store of the phone.
 */

import * as v from 'valibot';
import type { FaultCode } from '../../../../wire/faults.ts';
import { type Position, type StopActClaims, StopView } from '../../../../wire/stop.ts';
import { newId } from '../../common/bytes.ts';
import type { LanguageCode } from '../../common/language.ts';
import { whereAmI } from '../../common/where-am-i.ts';
import type { Refused, Reply, VisitorApi } from '../api.ts';
import type { HintWay } from '../hint-way.ts';
import type { Known, Press } from '../known.ts';
import type { AskTask } from '../photo/send.ts';
import { signJws } from '../sign.ts';
import type { KeptTask } from '../store.ts';
import { StopScreen } from './screen.tsx';
import { loadStopWords, type StopLanguage } from './words.ts';

/** One act, without what every act has. */
export type Wish = StopActClaims extends infer Act
  ? Act extends StopActClaims
    ? Omit<Act, 'delivery' | 'attempt' | 'jti' | 'iat' | 'nonce' | 'position'>
    : never
  : never;

export interface StopKnown {
  readonly view: StopView;
  /** How far the cloud's clock is ahead of this phone's, ms. */
  readonly aheadMs: number;
  readonly words: StopLanguage;
  readonly Screen: typeof StopScreen;
  /** Why the last act came to nothing. */
  readonly refusal?: FaultCode | undefined;
  act(wish: Wish, digits?: string): Promise<void>;
  /** @param isAsked  whether the phone may be asked where it is */
  arrive(isAsked: boolean): Promise<void>;
  /** The courier stands before the door that is described. */
  found(): Promise<void>;
  /** Goes through this door, as far as the hub lets it. */
  open(door: string): Promise<void>;
  /** What the photo of it asks the cloud. */
  readonly ask: AskTask;
  readonly token: string;
}

export interface StopWayParts {
  readonly api: VisitorApi;
  readonly task: () => KeptTask;
  readonly known: () => Known;
  readonly keep: (change: Partial<KeptTask>) => Promise<void>;
  readonly tell: (change: Partial<Known>) => void;
  readonly heard: <T>(reply: Reply<T>) => Promise<T | undefined>;
  readonly take: () => Promise<void>;
  readonly hint: HintWay;
  /** Does it as what a press does: one thing at a time. */
  readonly pressed: (what: Press, work: () => Promise<void>) => Promise<void>;
}

export interface StopWay {
  /** Looks at the stop. @returns false while a door is gone through: then the visit is what counts */
  follow(): Promise<boolean>;
  /** A door would not be opened: what cannot be opened now is gone back from. */
  refused(refusal: Refused): Promise<void>;
  /** Back from a door, or from waiting for it, to what the plan has. */
  leave(refusal?: FaultCode): Promise<void>;
}

/** A cloud that is newer than this page may say more. */
const Shown = v.object(StopView.entries);
/** So often the same act is sent when no answer comes; it is done once. */
const maxSends = 4;
/** Of a door that may still be opened: it is waited for. */
const waited: readonly FaultCode[] = [
  'TASK_NOT_READY',
  'TASK_NOT_CLAIMED',
  'CLOUD_SILENT',
  'DOOR_BUSY',
  'RATE_LIMITED',
];
/** Of a link that is dead because its stop is closed. */
const ended: readonly FaultCode[] = ['TASK_LINK_DEAD', 'DELIVERY_ENDED'];

export function stopWay({ api, task, known, keep, tell, heard, take, hint, pressed }: StopWayParts): StopWay {
  let words: StopLanguage | undefined;

  async function see(view: StopView, refusal?: FaultCode): Promise<void> {
    await hint.atStop(view);
    // Whether there is a door to be found first is not known yet.
    if (view.state === 'expected' && known().hint === undefined) return tell({ isOffline: true });
    words ??= await loadStopWords(document.documentElement.lang as LanguageCode);
    const aheadMs = view.at - Date.now();
    const stop: StopKnown = {
      view,
      aheadMs,
      words,
      Screen: StopScreen,
      act,
      arrive,
      found,
      open,
      refusal,
      ask,
      token: task().token,
    };
    tell({ at: 'stop', stop, isOffline: false });
  }

  async function look(refusal?: FaultCode): Promise<StopView | undefined> {
    const reply = await api.under('GET', '/stop', Shown, { key: task().key });
    if (!reply.ok && reply.code === 'TASK_NOT_CLAIMED') await take();
    else if (!reply.ok && ended.includes(reply.code) && known().stop?.view.end !== undefined) return known().stop!.view;
    const view = await heard(reply);
    if (view !== undefined) await see(view, refusal);
    return view;
  }

  async function send(
    wish: Wish,
    digits: string | undefined,
    position: Position | undefined,
  ): Promise<Reply<StopView>> {
    const { delivery, attempt, nonce } = known().stop!.view;
    const claims = {
      ...{ delivery, attempt, nonce, jti: newId(), iat: Math.floor(Date.now() / 1000) },
      ...wish,
      ...(position === undefined ? {} : { position }),
    };
    const body = { act: await signJws('stopact+jwt', claims, task().key), ...(digits === undefined ? {} : { digits }) };
    for (let sends = 1; ; sends += 1) {
      const reply = await api.under('POST', '/stop/acts', Shown, { key: task().key, body });
      const isLost = !reply.ok && reply.code === 'CLOUD_SILENT';
      if (!isLost || sends === maxSends) return reply;
      tell({ isOffline: true });
      await new Promise((resolve) => setTimeout(resolve, 500 * sends));
    }
  }

  async function doAct(wish: Wish, digits?: string, position?: Position): Promise<void> {
    tell({ stop: { ...known().stop!, refusal: undefined } });
    let reply = await send(wish, digits, position);
    // Something has happened meanwhile: what is shown now is answered once more.
    if (!reply.ok && reply.code === 'STOP_ACT_OLD' && (await look()) !== undefined) {
      reply = await send(wish, digits, position);
    }
    if (reply.ok) return see(reply.value);
    if (reply.code === 'CLOUD_SILENT') return void (await heard(reply));
    await look(reply.code);
  }

  const act = (wish: Wish, digits?: string): Promise<void> => pressed('stop', () => doAct(wish, digits));
  const arrive = (isAsked: boolean): Promise<void> =>
    pressed('stop', async () => doAct({ act: 'arrive' }, undefined, isAsked ? await whereAmI() : undefined));
  const found = (): Promise<void> => pressed('found', () => hint.found());
  const open = (door: string): Promise<void> =>
    pressed('stop', async () => {
      await keep({ opens: door });
      tell({ at: 'taken' });
    });

  const ask: AskTask = (method, path, schema, body) =>
    api.under(method, path, schema, { key: task().key, ...(body === undefined ? {} : { body }) });

  const leave = async (refusal?: FaultCode): Promise<void> => {
    await keep({ opens: undefined, visit: undefined, target: undefined });
    tell({ view: undefined, hint: undefined, refusal: undefined });
    await look(refusal);
  };

  return {
    leave,
    refused: async ({ code }) => {
      if (task().opens !== undefined && !waited.includes(code)) await leave(code);
    },
    follow: async () => {
      if (task().opens !== undefined) return false;
      // Why the last press came to nothing stands until the next one.
      await look(known().stop?.refusal);
      return true;
    },
  };
}
