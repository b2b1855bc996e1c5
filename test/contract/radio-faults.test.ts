/** What the radio, the lock and others can do to a command, at each of its messages: the shipped driver keeps what it promises. */
import t from 'tap';
import type { BoltState, DoorReport, LockHealth } from '../../device/lock/lock.ts';
import { lockStates } from '../../hardware-sim/nuki/codes.ts';
import type { Moment } from '../support/at-message.ts';
import { codeOf } from '../support/code-of.ts';
import { lasting, replyMs, type WoundNuki, woundNuki } from '../support/wound-nuki.ts';

/** Remove Authorization Entry. */
const removeUser = 0x08;

interface Wrong {
  readonly begin: (rig: WoundNuki) => void;
  readonly end?: (rig: WoundNuki) => void;
  /** Answers are older than usual by so much, ms. */
  readonly olderMs?: number;
  /** How each command has to end, whichever message it hits. */
  readonly endsAs?: RegExp;
  /** What the lock says of itself while it lasts. */
  readonly health?: Partial<LockHealth>;
}

const faults = {
  drop: (way: 'requests' | 'replies', next: number): Wrong => lasting({ fault: 'drop', way, next }),
  corrupt: (way: 'requests' | 'replies'): Wrong => lasting({ fault: 'corrupt', way, next: 1 }),
};

const wrongs: Readonly<Record<string, Wrong>> = {
  'nothing is wrong': { begin: () => undefined, endsAs: /^done$/ },
  'a request is lost': faults.drop('requests', 1),
  'an answer is lost': faults.drop('replies', 1),
  'three answers are lost': faults.drop('replies', 3),
  'a request is spoilt': faults.corrupt('requests'),
  'an answer is spoilt': faults.corrupt('replies'),
  'a radio shadow': lasting({ fault: 'shadow' }),
  'a radio shadow that passes': {
    begin: ({ fault, clock }) => {
      fault({ fault: 'shadow' });
      clock.after(2_000, () => fault({ fault: 'shadow', active: false }));
    },
  },
  'a lock that is silent': lasting({ fault: 'silent' }),
  'a lock that takes its time': {
    ...lasting({ fault: 'slow', ms: 4_000 }),
    olderMs: 4_000,
  },
  'the lock hangs up': { begin: (rig) => rig.hangUp() },
  'the lock hangs up, and connecting fails': {
    begin: (rig) => {
      rig.fault({ fault: 'connect-failure', next: 3 });
      rig.hangUp();
    },
    end: ({ fault }) => fault({ fault: 'connect-failure', active: false }),
  },
  'the adapter is unplugged': { begin: ({ radio }) => radio.unplug(true), end: ({ radio }) => radio.unplug(false) },
  'the adapter is unplugged, and put back': {
    begin: ({ radio, clock }) => {
      radio.unplug(true);
      clock.after(1_000, () => radio.unplug(false));
    },
  },
  'other clients hold the lock': {
    begin: (rig) => {
      rig.hangUp();
      rig.fault({ fault: 'held' });
    },
    end: ({ fault }) => fault({ fault: 'held', active: false }),
  },
  'the key is taken away': {
    begin: ({ phone, pin, nuki }) => {
      const hub = nuki.truth().authorizations.find(({ name }) => name === 'Doorward')!;
      phone((client) => client.withPin(removeUser, Buffer.from(Uint32Array.of(hub.id).buffer), pin));
    },
  },
  'the battery is low': {
    ...lasting({ fault: 'battery-low' }),
    endsAs: /^done$/,
    health: { reachable: true, batteryPercent: 8, batteryCritical: true },
  },
  'the battery is too low to move': lasting({ fault: 'action-fails', code: 73, next: 9 }),
  'the bolt is jammed': {
    begin: ({ door }) => door.fault({ fault: 'bolt-jam', active: true }),
    end: ({ door }) => door.fault({ fault: 'bolt-jam', active: false }),
  },
  'the handle is not lifted': lasting({ fault: 'handle-not-lifted' }),
  'the motor is busy': lasting({ fault: 'busy', next: 2 }),
  'a hand turns the key': {
    begin: ({ nuki, door }) => void nuki.turn(door.truth().bolt === 'thrown' ? 'unlocked' : 'locked'),
  },
};

const commands = ['lock', 'unlock', 'open', 'state'] as const;
type Command = (typeof commands)[number];
/** What the door gives a command of a Nuki: `NukiMover.patience`. */
const deadlineMs = { lock: 35_000, unlock: 35_000, open: 35_000, state: 2_000 };
const expiresInMs = 8_000;

const never: Moment = { message: Number.POSITIVE_INFINITY, when: 'before' };

/** What a report may say of a bolt in this state of the lock, besides that it is not known. */
const boltIn: Readonly<Record<number, BoltState>> = {
  [lockStates.locked]: 'locked',
  [lockStates.unlocked]: 'unlocked',
  [lockStates.unlatched]: 'open',
  [lockStates.unlatching]: 'open',
  [lockStates.motorBlocked]: 'jammed',
};
const isNothing = ({ bolt }: DoorReport): boolean => bolt === 'unknown' || bolt === 'unavailable';

/** A row: one door, to which the same thing happens again and again, each time at another message. */
class Row {
  readonly rig: WoundNuki;
  readonly #wrong: Wrong;
  readonly #lies: string[] = [];
  /** States of the lock, with the time at which each ended. */
  readonly #was: { readonly state: number; endedMs: number }[] = [];
  #door: Awaited<ReturnType<WoundNuki['install']>> | undefined;

  constructor(wrong: Wrong) {
    this.rig = woundNuki('gen4');
    this.#wrong = wrong;
    const { nuki, clock, phone } = this.rig;
    nuki.holdButton();
    phone((client) => client.pair({ id: 99, name: 'Phone' }));
    nuki.onChange(() => {
      const { lockState } = nuki.truth();
      const last = this.#was.at(-1);
      if (last?.state === lockState) return;
      if (last !== undefined) last.endedMs = clock.monotonic();
      this.#was.push({ state: lockState, endedMs: Number.POSITIVE_INFINITY });
    });
  }

  get mover() {
    return this.#door!.mover;
  }

  async begin(): Promise<void> {
    this.#door = await this.rig.install();
    this.mover.onReport((report) => this.#hear(report));
    await this.mover.start();
    await this.#pair();
  }

  async #pair(): Promise<void> {
    this.rig.nuki.holdButton();
    await this.rig.wind(this.#door!.pair({}), 60_000);
    await this.rig.pass(10_000);
  }

  /** Nobody is told what was not so within the time that an answer takes. */
  #hear(report: DoorReport): void {
    if (isNothing(report)) return;
    const sinceMs = this.rig.clock.monotonic() - replyMs - 1 - (this.#wrong.olderMs ?? 0);
    const recent = this.#was.filter(({ endedMs }) => endedMs >= sinceMs).map(({ state }) => boltIn[state]);
    if (!recent.includes(report.bolt)) this.#lies.push(`${report.bolt}, and it was ${recent.join(', ')}`);
  }

  /** Whether the lock was where the command was to bring it, at any time since. */
  #wasThere(command: Command, sinceMs: number): boolean {
    const states = this.#was.filter(({ endedMs }) => endedMs >= sinceMs).map(({ state }) => state);
    if (command === 'lock') return states.includes(lockStates.locked);
    if (command === 'unlock') return states.some((one) => one === lockStates.unlocked || one === lockStates.unlatched);
    return command === 'state' || states.includes(lockStates.unlatched);
  }

  run(command: Command): Promise<unknown> {
    if (command === 'lock') return this.mover.lock();
    if (command === 'unlock') return this.mover.unlock({ expiresInMs });
    if (command === 'open') return this.mover.open({ forMs: 3_000, expiresInMs });
    return this.mover.state();
  }

  /** Whether it says what is true now, or that it does not know. */
  isSo(report: DoorReport | undefined): boolean {
    return report === undefined || isNothing(report) || report.bolt === boltIn[this.rig.nuki.truth().lockState];
  }

  /** @returns what is not as promised, of all that happens when this goes wrong at that message */
  async cell(
    command: Command,
    moment: Moment | undefined,
  ): Promise<{ readonly bad: string[]; readonly written: number; readonly came: boolean }> {
    const { rig } = this;
    const { nuki } = rig;
    const begunMs = rig.clock.monotonic();
    const bad: string[] = [];
    const before = nuki.truth().motions;
    const over = rig.at(moment ?? never, () => this.#wrong.begin(rig));
    const outcome = codeOf(this.run(command));
    try {
      await rig.wind(outcome, deadlineMs[command] + 1);
    } catch {
      bad.push(`hangs beyond ${deadlineMs[command]} ms`);
      await rig.wind(outcome, 600_000);
    }
    const ended = await outcome;
    const { written } = rig;
    const came = over();
    const motions = nuki.truth().motions - before;
    // `lock` may be said once more, when the lock says at rest that it is not locked.
    const most = { lock: 2, unlock: 1, open: 1, state: 0 }[command];
    if (motions > most) bad.push(`${motions} motions`);
    if (ended === 'done' && !this.#wasThere(command, begunMs)) bad.push('done, and it was never there');
    if (!/^(done|LOCK_\w+)$/.test(ended)) bad.push(`ends as ${ended}`);
    if (this.#wrong.endsAs?.test(ended) === false) bad.push(`ends as ${ended}`);

    const asked = this.mover.state();
    await rig.wind(asked, deadlineMs.state + 1);
    if (this.#wrong.olderMs === undefined && !this.isSo(await asked)) bad.push(`says ${(await asked).bolt}`);
    for (const [what, said] of Object.entries(this.#wrong.health ?? {}))
      if (moment !== undefined && this.mover.health()[what as keyof LockHealth] !== said)
        bad.push(`${what} is not ${said}`);
    await rig.pass(90_000);
    if (!this.isSo(this.mover.last())) bad.push(`still says ${this.mover.last()?.bolt} after a while`);

    await this.#mend();
    const again = this.mover.state();
    await rig.wind(again, deadlineMs.state + 1);
    const report = await again;
    if (isNothing(report) || !this.isSo(report)) bad.push(`mended, and says ${report.bolt}`);
    if (nuki.truth().motions - before !== motions) bad.push('moves afterwards');
    return { bad: [...bad, ...this.#lies.splice(0)], written, came };
  }

  /** All is well again; the hub is paired anew where it has to be. */
  async #mend(): Promise<void> {
    const { rig } = this;
    this.#wrong.end?.(rig);
    await rig.pass(10_000);
    if (!rig.nuki.truth().authorizations.some(({ name }) => name === 'Doorward')) await this.#pair();
  }

  /** The bolt as a command has to find it, by hand, and the hub not connected. */
  async ready(command: Command): Promise<void> {
    const { rig } = this;
    const to = command === 'lock' ? 'unlocked' : 'locked';
    if (rig.door.truth().bolt !== (to === 'locked' ? 'thrown' : 'drawn')) rig.nuki.turn(to);
    await rig.pass(20_000);
  }

  async end(): Promise<void> {
    await this.mover.close();
    this.rig.nuki.close();
  }
}

for (const [name, wrong] of Object.entries(wrongs)) {
  t.test(`${name}, at every message of a command`, async (t) => {
    const row = new Row(wrong);
    await row.begin();
    for (const command of commands) {
      await row.ready(command);
      const { written: plain } = await row.cell(command, undefined);
      const moments: Moment[] = [{ message: 0, when: 'before' }];
      for (let message = 1; message <= plain; message += 1)
        moments.push({ message, when: 'before' }, { message, when: 'after' });
      for (const moment of moments) {
        await row.ready(command);
        const { bad, came } = await row.cell(command, moment);
        t.ok(came, 'it comes to this message');
        t.same(bad, [], `${command}, ${moment.when} message ${moment.message} of ${plain}`);
      }
    }
    await row.end();
  });
}
