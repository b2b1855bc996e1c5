import t, { type Test } from 'tap';
import type { Street } from '../../../hardware-sim/start/street.ts';
import { cloudTexts, textsOf } from './aftermath.ts';
import { alarmStands, begins, type Hands, hands, isSettled, judge, pushWhileItBuzzes, visitUnder } from './deaths.ts';
import { type Dying, Standby } from './dying.ts';
import { shutDoor, statusOf, truthOf, until, withStreet } from './quick-street.ts';
import type { Committed } from './reaper.ts';

/** Every point, however long it takes; else as many as the time allows, a fifth of them at least, another fifth each day. */
const isLong = process.env.DOORWARD_LONG === '1';
const seed = Number(process.env.DOORWARD_SEED ?? Math.floor(Date.now() / 86_400_000));
const budgetMs = isLong ? Number.POSITIVE_INFINITY : 20_000;
/** Streets side by side: a hub that comes back waits most of its time for the door, but each street takes its time to lay. */
const streets = isLong ? 4 : 2;
/** Visits that each street watches first: what not every one of them passes is no point to be sure of. */
const watchedFirst = 4 / streets;
/** Every so many restarts it is the program that ships; else the hub that comes back is the one that dies next. */
const shippedEvery = 3;
t.setTimeout(isLong ? 1_800_000 : 600_000);

/** A point to die at, who does what then, and where the hub dies once more while it recovers. */
interface Death {
  readonly point: string;
  readonly how: Hands;
  readonly again?: string;
}

/** Looks, answers and batches repeat: how many there are depends on how fast the courier's phone asks. */
function isWorthDying(point: string): boolean {
  const often = Number(point.split('#').at(-1));
  if (/^after the answer "\w+" is handed over/.test(point)) return often === 1;
  if (/^after the answer/.test(point)) return isLong && often === 1;
  if (/batch of the journal/.test(point)) return often <= (isLong ? 6 : 2);
  if (/ISTAT|witness|acked/.test(point)) return often <= (isLong ? 2 : 1);
  return true;
}

/** What a hub goes through when it comes back to a visit that was cut off behind its OUT. */
const whileRecovering = [
  'after the commit of hub.started #1',
  'before the commit of alarm.raised #1',
  'after the commit of alarm.raised #1',
  'before OUT leaves #1',
  'after OUT left #1',
  'before the commit of door.secured #1',
  'after the commit of door.secured #1',
  'before the commit of visit.ended #1',
  'after the commit of visit.ended #1',
  'before the commit of alarm.cleared #1',
  'after the commit of alarm.cleared #1',
];

/** The fifth of today comes first. */
function toDeaths(points: readonly string[]): Death[] {
  const deaths = [
    ...points.map((point, n) => ({ point, how: hands[n % hands.length]! })),
    ...whileRecovering.map((again, n) => ({ point: 'after OUT left #1', how: hands[n % 2]!, again })),
  ];
  const turn = (n: number): number => (n + seed) % 5;
  return [0, 1, 2, 3, 4].flatMap((fifth) => deaths.filter((_, n) => turn(n) === fifth));
}

const nameOf = ({ point, how, again }: Death): string =>
  `killed ${point}${again === undefined ? '' : `, and again ${again}`}; somebody ${how}`;

/** The points that all visits which were watched have passed, dealt out to whichever is free. */
class Plan {
  readonly #passed: (readonly string[])[] = [];
  readonly #ready: Promise<void>;
  #isReady: () => void = () => undefined;
  #queue: Death[] = [];
  #mustBe = 0;
  #endAtMs = 0;
  readonly reached: Death[] = [];
  readonly missed: Death[] = [];
  left = 0;

  constructor() {
    this.#ready = new Promise((resolve) => {
      this.#isReady = resolve;
    });
  }

  /** Resolves when the others have told theirs too. */
  async tell(visits: readonly (readonly string[])[]): Promise<void> {
    this.#passed.push(...visits);
    if (this.#passed.length === streets * watchedFirst) {
      const [first = [], ...others] = this.#passed;
      this.#queue = toDeaths(
        first.filter((point) => isWorthDying(point) && others.every((all) => all.includes(point))),
      );
      this.#mustBe = Math.ceil(this.#queue.length / 5);
      this.#endAtMs = performance.now() + budgetMs;
      this.#isReady();
    }
    await this.#ready;
  }

  next(): Death | undefined {
    const done = this.reached.length + this.missed.length;
    if (done >= this.#mustBe && performance.now() > this.#endAtMs) {
      this.left += this.#queue.length;
      this.#queue = [];
    }
    return this.#queue.shift();
  }
}

/** A hub that is watched passes these points in a visit that nothing happens to. */
async function watchOne(t: Test, street: Street, standby: Standby): Promise<readonly string[]> {
  const hub = await (await standby.take()).begin({ begins });
  const cut = await visitUnder(street, hub);
  t.equal(cut.outcome, 'completed', 'a hub that is only watched does its work');
  const isAcked = (points: readonly string[]): boolean => points.includes('after acked is kept #1');
  const points = await until(async () => hub.ledger().points, isAcked, 5000);
  await hub.stop();
  return points;
}

/** All deaths that fall to one street. */
async function dieInTurn(t: Test, street: Street, plan: Plan): Promise<void> {
  const standby = new Standby(street.paths.hubConfig, street.paths.logs);
  await street.process('hub').stop();
  const watched: (readonly string[])[] = [];
  while (watched.length < watchedFirst) watched.push(await watchOne(t, street, standby));
  await plan.tell(watched);

  let hub: Dying | undefined;
  let restarts = 0;
  for (let death = plan.next(); death !== undefined; ) {
    const { point, how, again } = death;
    const next = plan.next();
    let isReached = false;
    await t.test(nameOf(death), async (t) => {
      hub ??= await (await standby.take()).begin({ begins, target: point });
      standby.prepare();
      const cut = await visitUnder(street, hub);
      if (cut.outcome !== undefined) await until(async () => hub?.isGone(), Boolean, 3000);
      await hub.stop();
      const committed: Committed[] = [...hub.ledger().committed];
      isReached = hub.ledger().died === point;
      await pushWhileItBuzzes(street);
      if (how === hands[0]) await shutDoor(street);
      const { strikes, leaf } = await truthOf(street);

      if (again !== undefined) {
        const back = await (await standby.take()).begin({ begins: 'hub.started', target: again });
        await shutDoor(street);
        await until(async () => back.isGone(), Boolean, 20_000);
        await back.stop();
        isReached &&= back.ledger().died === again;
        committed.push(...back.ledger().committed);
      }
      restarts += 1;
      const isShipped = next === undefined || restarts % shippedEvery === 0;
      if (isShipped) await street.restart('hub');
      hub = isShipped ? undefined : await (await standby.take()).begin({ begins, target: next.point });
      standby.prepare();

      if (how === hands[2] && leaf === 'open') await alarmStands(t, street);
      await shutDoor(street);
      await isSettled(t, street);
      await judge(t, street, cut, { committed, isReached, strikes });
      if (isShipped) await street.process('hub').stop();
      t.comment(isReached ? 'it died there' : 'the visit went past that point');
    });
    (isReached ? plan.reached : plan.missed).push(death);
    death = next;
  }
  await standby.discard();
  await street.restart('hub');
  await isSettled(t, street);
  await until(
    async () => (await statusOf(street))?.clock,
    (clock) => clock === 'trusted',
    10_000,
  );
  // What the household does may be written between one look and the other.
  const [onHub, inCloud] = await until(
    async () => [await textsOf(street, 1), await cloudTexts(street, 0)] as const,
    ([here, there]) => here.length === there.length,
    20_000,
  );
  t.strictSame(inCloud, onHub, 'from the first entry on, both journals are one');
}

t.test('kill -9 of the hub after every single effect of a visit', async (t) => {
  const plan = new Plan();
  const startMs = performance.now();
  t.jobs = streets;
  const shares = Array.from({ length: streets }, (_, n) =>
    t.test(`street ${n + 1}`, { buffered: true }, (t) => withStreet((street) => dieInTurn(t, street, plan))),
  );
  await Promise.all(shares);
  const { reached, missed, left } = plan;
  const tookS = Math.round((performance.now() - startMs) / 1000);
  t.comment(
    `seed ${seed}: ${reached.length} deaths in ${tookS} s, ${missed.length} went past, ${left} left for another day`,
  );
  for (const death of missed) t.comment(`went past: ${nameOf(death)}`);
  t.ok(
    reached.length > 10 && missed.length * 10 <= reached.length,
    'nearly every death happened where it was meant to',
  );
});
