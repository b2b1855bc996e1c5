/**
 * The course of one task, or of a guest's visits, on one phone: from the link to the receipt. It does by itself only what changes nothing (looking, and showing
 * the grant to the hub); whatever moves something waits for a press. All that it has to remember is on disk before it is relied on, so
 * that it goes on from wherever it was cut off.
 */
import type { FaultCode } from '../../../wire/faults.ts';
import type { Act, KnockClaims } from '../../../wire/knock.ts';
import type { VisitView } from '../../../wire/visit-view.ts';
import { hashOf, newId } from '../common/bytes.ts';
import type { Reply, VisitorApi } from './api.ts';
import { guestWay } from './guest-way.ts';
import { hintWay } from './hint-way.ts';
import type { Known, Press } from './known.ts';
import { checkOf, makeTaskKey, signJws, type TaskKey } from './sign.ts';
import type { StopWay } from './stop/way.ts';
import type { KeptTask, TaskStore } from './store.ts';

export interface CourseParts {
  readonly api: VisitorApi;
  readonly store: TaskStore;
  readonly token: string;
  readonly isGuest: boolean;
  /** This phone has never kept anything. */
  readonly isNew: boolean;
  readonly onKnown: (known: Known) => void;
}

export interface Course {
  /** @param rule  of the door that a guest asks at */
  press(what: Press, rule?: string): Promise<void>;
  /** Looks now: the phone woke up, or the network is back. */
  wake(): void;
}

const restMs = { doors: 10_000, calm: 3_000, close: 1_000, offline: 2_000 };
/** Attempts with a fresh nonce before the phone says so. */
const maxAttempts = 3;
/** After these nobody knows whether the act was done. */
const unheard: readonly FaultCode[] = ['CLOUD_SILENT', 'HUB_SILENT'];
/** Nothing can come of the task any more. */
const final: readonly FaultCode[] = [
  ...(['NOT_FOUND', 'TASK_LINK_DEAD', 'TASK_OTHER_DEVICE', 'DELIVERY_ENDED'] as const),
  ...(['INVITATION_DEAD', 'GUEST_REVOKED'] as const),
];
/** The link ended with a stop, whose courier still sees how. */
const linkEnds: readonly FaultCode[] = ['TASK_LINK_DEAD', 'DELIVERY_ENDED'];
/** Somebody has not signed yet. */
const soon: readonly FaultCode[] = ['TASK_NOT_READY', 'INVITATION_PENDING'];

export function followLink({ api, store, token, isGuest, isNew, onKnown }: CourseParts): Course {
  let known: Known = { at: isNew ? 'new' : 'loading', isGuest };
  let isSeen = false;
  let task: KeptTask | undefined;
  let wakeUp = (): void => undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const tell = (change: Partial<Known>): void => {
    known = { ...known, ...change };
    onKnown(known);
  };
  const keep = async (change: Partial<KeptTask>): Promise<void> => {
    task = { ...task!, ...change };
    await store.put(task);
  };
  /** One thing at a time: an answer that comes late never overtakes a newer one. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  async function heard<T>(reply: Reply<T>): Promise<T | undefined> {
    if (reply.ok) {
      if (known.isOffline) tell({ isOffline: false });
      return reply.value;
    }
    if (reply.code === 'CLOUD_SILENT') tell({ isOffline: true });
    else if (final.includes(reply.code)) tell({ at: 'over', refusal: reply.code, isOffline: false });
    else tell({ isOffline: false, ...(soon.includes(reply.code) ? {} : { refusal: reply.code }) });
    return undefined;
  }

  async function see(view: VisitView): Promise<void> {
    if (view.receipt !== undefined && task?.receipt === undefined) await keep({ receipt: view.receipt });
    await hint.follow(view);
    tell({ at: 'visit', view, ...(view.receipt === undefined ? {} : { receipt: view.receipt }) });
  }

  /** Brings the newest of what there is to know. */
  async function look(): Promise<void> {
    if (!isSeen || task === undefined) {
      const reply = await api.preview();
      if (!reply.ok && linkEnds.includes(reply.code) && task?.hasStop) {
        isSeen = true;
        return look();
      }
      const seen = await heard(reply);
      if (seen === undefined) return;
      isSeen = true;
      const preview = 'carrier' in seen ? { preview: seen } : {};
      if (seen.state === 'over' && task?.visit === undefined && !task?.hasStop) return tell({ ...preview, at: 'over' });
      tell({ ...preview, ...(task === undefined && { at: 'new' as const }) });
      if (task === undefined) return;
    }
    if (guest !== undefined && !(await guest.goesOn())) return;
    if ((task.hasStop || known.preview?.stop) && (await followStop())) return;
    const { key, visit } = task;
    return visit === undefined ? begin(key) : lookAt(key, visit);
  }

  async function lookAt(key: TaskKey, visit: string): Promise<void> {
    const reply = await api.look(key, visit);
    if (guest !== undefined && !reply.ok && reply.code === 'VISIT_UNKNOWN') return guest.leave();
    const view = await heard(reply);
    if (view !== undefined) await see(view);
  }

  /** @returns false while the courier goes through a door of the plan */
  async function followStop(): Promise<boolean> {
    try {
      if (!task!.hasStop) await keep({ hasStop: true });
      stop ??= (await import('./stop/way.ts')).stopWay({
        ...{ api, task: () => task!, known: () => known, keep, tell, heard, take, hint, pressed },
      });
      return await stop.follow();
    } catch {
      // A part of the page that did not come is asked for again.
      tell({ isOffline: true });
      return true;
    }
  }

  /** Shows the grant to the hub as soon as all have signed. */
  async function begin(key: TaskKey): Promise<void> {
    const door = task?.opens;
    const reply = await api.grant(key, door);
    // Pressed, and the press never came through.
    if (!reply.ok && reply.code === 'TASK_NOT_CLAIMED') return take();
    const granted = await heard(reply);
    const prepared = granted && (await api.prepare(key, door));
    const view = prepared && (await heard(prepared));
    if (view === undefined || granted === undefined) {
      const refused = [reply, prepared].find((one) => one?.ok === false);
      if (refused?.ok === false) {
        await guest?.refused(refused);
        await stop?.refused(refused);
      }
      return;
    }
    await keep({ visit: view.visit, target: { hub: granted.hub, grantHash: await hashOf(granted.grant) } });
    tell({ refusal: undefined });
    await see(view);
  }

  async function take(): Promise<void> {
    if (task === undefined) {
      // Pressed before the cloud has said what it is: nothing is sent for what is not on the screen.
      while (!isSeen && known.at === 'new') {
        await look();
        if (!isSeen) await rest();
      }
      if (known.at !== 'new') return;
      task = { token, key: await makeTaskKey() };
      await store.put(task);
    }
    if ((await heard(await api.claim(task.key))) === undefined) return;
    tell({ at: 'taken', check: await checkOf(task.key.jkt) });
  }

  async function knock(act: Act, nonce: string): Promise<Reply<VisitView>> {
    const { key, target, visit } = task!;
    const claims: KnockClaims = {
      ...{ aud: target!.hub, jti: newId(), iat: Math.floor(Date.now() / 1000) },
      ...{ act, visit: visit!, grant: target!.grantHash, nonce },
    };
    return api.act(visit!, await signJws('knock+jwt', claims, key));
  }

  /** A stale nonce is tried again with a fresh one; after silence the phone looks first, and repeats only what is still offered. */
  async function act(wanted: Act | 'enter'): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const nonces = known.view?.nonces ?? {};
      const name = wanted === 'enter' ? (nonces.open === undefined ? 'unlock' : 'open') : wanted;
      const nonce = nonces[name];
      const reply = nonce === undefined ? undefined : await knock(name, nonce);
      if (reply?.ok) return see(reply.value);
      const isLost = reply !== undefined && unheard.includes(reply.code);
      const isFresh = reply === undefined || reply.retry === 'fresh';
      const seen = await api.look(task!.key, task!.visit!);
      if (seen.ok) await see(seen.value);
      const isOffered = seen.ok && seen.value.nonces[name] !== undefined;
      if (attempt === maxAttempts || !(isLost || isFresh) || !isOffered) {
        // What is offered no more after silence may well have been done: the view says so.
        if (reply !== undefined && !(isLost && seen.ok && !isOffered)) await heard(reply);
        return;
      }
    }
  }

  let stop: StopWay | undefined;
  const guest = isGuest ? guestWay({ api, task: () => task, known: () => known, keep, tell, heard, take }) : undefined;

  const hint = hintWay({ api, key: () => task!.key, known: () => known, tell, heard });

  function pressed(what: Press, work: () => Promise<void>): Promise<void> {
    if (known.doing !== undefined) return Promise.resolve();
    tell({ doing: what, refusal: undefined });
    return inTurn(work).finally(() => {
      tell({ doing: undefined });
      wakeUp();
    });
  }

  const does: Readonly<Record<Press, (rule: string) => Promise<void>>> = {
    take,
    ask: async (rule) => guest?.ask(rule),
    back: async () => (guest ?? stop)?.leave(),
    // It brings its own work.
    stop: async () => undefined,
    found: () => hint.found(),
    agree: async () => {
      await keep({ hasAgreed: true });
      tell({ hasAgreed: true });
    },
    arrive: () => act('arrive'),
    enter: () => act('enter'),
    finish: () => act('finish'),
    abort: () => act('abort'),
  };

  function rest(): Promise<void> {
    const at = known.view?.at;
    const isClose = known.at === 'visit' && at !== 'idle';
    const isBusy = known.at === 'asked' || (isClose && at !== 'ended');
    const calm = known.at === 'doors' ? restMs.doors : restMs.calm;
    const ms = known.isOffline ? restMs.offline : isBusy ? restMs.close : calm;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function remember(): Promise<void> {
    task = await store.get(token);
    if (task === undefined) return tell({ at: 'new' });
    const { hasAgreed = false, receipt } = task;
    tell({
      ...(isGuest ? { at: 'loading' as const } : { at: 'taken' as const, check: await checkOf(task.key.jkt) }),
      hasAgreed,
      ...(receipt === undefined ? {} : { receipt }),
    });
  }

  const isStopOver = (): boolean => known.at === 'stop' && known.stop?.view.state === 'closed';

  async function run(): Promise<void> {
    await inTurn(remember);
    for (;;) {
      if (!document.hidden) await inTurn(look);
      const isEnded = known.view?.at === 'ended' && (stop === undefined || known.view.outcome === 'completed');
      // A guest comes again.
      if (known.at === 'over' || (isEnded && !isGuest) || isStopOver()) return;
      await rest();
    }
  }
  void run();

  return {
    press: (what, rule = '') => pressed(what, () => does[what](rule)),
    wake: () => wakeUp(),
  };
}
