/** One delivery of a rig, played step by step by people with real keys over real HTTP. */
import type { Door } from '../../hardware-sim/door/door.ts';
import { Courier, type TaskGrant } from '../../hardware-sim/people/courier.ts';
import type { CourierVisit } from '../../hardware-sim/people/courier-visit.ts';
import { mustHave, type Reply } from '../../hardware-sim/people/http.ts';
import type { Owner } from '../../hardware-sim/people/owner.ts';
import { Fault } from '../../wire/faults.ts';
import type { VisitView } from '../../wire/visit-view.ts';
import type { Leaf } from './rig-leaf.ts';
import type { RigCarrier, World } from './rig-people.ts';
import { until } from './until.ts';

/** In order. `closed`: the leaf has fallen shut, nothing is proven yet. */
export const steps = ['granted', 'prepared', 'ready', 'unlocked', 'open', 'closed', 'ended'] as const;
export type Step = (typeof steps)[number];

export interface ErrandParts {
  readonly world: World;
  readonly owner: Owner;
  readonly carrier: RigCarrier;
  /** The door as the hub names it, and the simulated one. */
  readonly door: { readonly id: string; readonly leaf: Leaf; readonly sim: Door | undefined };
  /** How the hub's machine stands at this door. */
  readonly at: () => string;
  readonly consent: 'ask' | 'auto';
  /** Waits while time passes faster. */
  readonly hasten?: typeof until;
}

export class Errand {
  readonly #parts: ErrandParts;
  #done = -1;
  #courier: Courier | undefined;
  #delivery: string | undefined;
  #task: TaskGrant | undefined;
  #visit: CourierVisit | undefined;

  constructor(parts: ErrandParts) {
    this.#parts = parts;
  }

  /** @throws Fault INTERNAL at a garage door */
  get door(): Door {
    return this.#parts.door.sim ?? missing('door');
  }

  get delivery(): string {
    return this.#delivery ?? missing('delivery');
  }

  get courier(): Courier {
    return this.#courier ?? missing('courier');
  }

  get task(): TaskGrant {
    return this.#task ?? missing('grant');
  }

  get visit(): CourierVisit {
    return this.#visit ?? missing('visit');
  }

  /** The visit's id. */
  get id(): string {
    return this.visit.view.visit;
  }

  /**
   * Goes on from where it stands. The courier says "done" only on the way to `ended`.
   * @returns this
   * @throws Fault with the code of the refusal, at the step where it came
   */
  async to(step: Step): Promise<this> {
    for (let next = this.#done + 1; next <= steps.indexOf(step); next += 1) {
      await this.#go(steps[next]!);
      this.#done = next;
    }
    return this;
  }

  /** Waits for the end, whatever it is, and reads it as the courier. */
  async end(withinMs = 20_000): Promise<VisitView> {
    const view = mustHave(await this.visit.until(['ended'], withinMs));
    if (view.at !== 'ended') throw new Fault('VISIT_WRONG_STATE', { at: view.at });
    return view;
  }

  close(): void {
    this.#courier?.http.close();
  }

  async #go(step: Step): Promise<void> {
    const { leaf } = this.#parts.door;
    switch (step) {
      case 'granted':
        return this.#getGrant();
      case 'prepared':
        this.#visit = mustHave(await this.courier.prepare(this.task));
        return;
      case 'ready':
        stillOn(mustHave(await this.visit.arrive()));
        return this.#until('ready');
      case 'unlocked':
        stillOn(mustHave(await this.#open()));
        // A barrier goes up by itself, and may be seen on its way only.
        return this.#until('unlocked', 'open');
      case 'open':
        await until('the door gives way', () => leaf.open());
        return this.#until('open');
      case 'closed':
        await until('the leaf has opened', () => leaf.isOpen());
        leaf.shut();
        await until('the leaf is shut', () => leaf.isShut());
        return;
      case 'ended': {
        const said = await this.visit.finish();
        if (!said.ok && said.code !== 'VISIT_ENDED') throw new Fault(said.code, said.detail);
        await this.end();
      }
    }
  }

  async #getGrant(): Promise<void> {
    const { world, owner, carrier, door, consent } = this.#parts;
    const from = Math.floor(world.clock.now() / 1000) - 5;
    const { dispatch } = carrier;
    const asked = { door: door.id, from, until: from + 7_200, parcels: 1, reference: 'HER-1' };
    this.#delivery = mustHave(await dispatch.announce(asked)).delivery;
    const { token } = mustHave(await dispatch.taskLink(this.#delivery));
    this.#courier = new Courier({ ...world, token });
    const { check } = mustHave(await this.#courier.press());
    mustHave(await dispatch.confirm(this.#delivery, check));
    if (consent === 'ask') {
      const waiting = await until('the owner is asked', async () =>
        mustHave(await owner.waiting()).find((one) => one.delivery === this.#delivery),
      );
      mustHave(await owner.orders.approve(waiting));
    }
    this.#task = mustHave(await this.#courier.takeGrant());
  }

  /** Presses again while a barrier has not been proven for long enough. */
  #open(): Promise<Reply<VisitView>> {
    const { hasten = until } = this.#parts;
    return hasten('the door may be opened', async () => {
      const said = await this.visit.open();
      return said.ok || said.code !== 'BARRIER_NOT_PROVEN' ? said : undefined;
    });
  }

  async #until(...states: string[]): Promise<void> {
    await until(`the door is ${states.join(' or ')}`, () => {
      const at = this.#parts.at();
      if (at === 'idle' || at === 'unsecured') throw new Fault('VISIT_ENDED', { at });
      return states.includes(at);
    });
  }
}

/** @throws Fault VISIT_ENDED: there is nothing to wait for any more */
function stillOn(view: VisitView): void {
  if (view.at === 'ended') throw new Fault('VISIT_ENDED', { outcome: view.outcome ?? '' });
}

function missing(what: string): never {
  throw new Fault('INTERNAL', { missing: what });
}
