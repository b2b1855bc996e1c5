/** The courier: a phone that opens a task link, presses, and gets a grant for the key it just made. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { GrantBundle } from '../../wire/grant.ts';
import { hashOf } from '../../wire/jws.ts';
import { DoorId, HubId, MaybeAsserted } from '../../wire/shapes.ts';
import { deviceCheck } from '../../wire/task.ts';
import { VisitView } from '../../wire/visit-view.ts';
import { CourierStop } from './courier-stop.ts';
import { CourierVisit } from './courier-visit.ts';
import { HttpClient, type HttpOptions, type Reply } from './http.ts';
import { type KeptKey, makeSignKey } from './keys.ts';
import { pause, type Timed, timed } from './patience.ts';

/** What a link shows before anybody pressed: no address, no name, no door. */
export const TaskPreview = v.object({
  state: v.string(),
  carrier: v.string(),
  parcels: v.number(),
  from: v.number(),
  until: v.number(),
  camera: v.picklist(['recorded', 'watched', 'off']),
});
export type TaskPreview = v.InferOutput<typeof TaskPreview>;

const Claimed = v.object({ state: v.string(), check: v.optional(v.string()) });

/** The grant with the second signature that it rests on, and where it is for. */
export const TaskGrant = v.object({
  ...GrantBundle.entries,
  approval: v.nullish(MaybeAsserted),
  hub: HubId,
  door: DoorId,
});
export type TaskGrant = v.InferOutput<typeof TaskGrant>;

export interface CourierOptions extends HttpOptions {
  /** The task link's token: what the carrier's message to the courier ends in. */
  readonly token: string;
  /** The device's key; a new one is made at the press unless told. */
  readonly key?: KeptKey;
}

export class Courier {
  readonly http: HttpClient;
  /** What the link ends in. */
  readonly token: string;
  #key: KeptKey | undefined;

  constructor(options: CourierOptions) {
    this.http = new HttpClient(options);
    this.token = options.token;
    this.#key = options.key;
  }

  /** Opens the link, as mail scanners and previews do: changes nothing. */
  preview(): Promise<Timed<TaskPreview>> {
    return timed(this.http.clock, () => this.http.call({ method: 'GET', path: this.#path() }, TaskPreview));
  }

  /** The deliberate press: makes the device's key and claims the link with it. @returns the digits to tell the dispatch */
  press(): Promise<Timed<{ readonly check: string }>> {
    return timed(this.http.clock, async () => {
      this.#key ??= await makeSignKey();
      const reply = await this.http.call(
        { method: 'POST', path: this.#path('/claim'), body: {}, proof: this.#key },
        Claimed,
      );
      return reply.ok ? { ...reply, value: { check: this.check } } : reply;
    });
  }

  /** The key that this phone made. @throws Fault TASK_NOT_CLAIMED before the press */
  get key(): KeptKey {
    if (this.#key === undefined) throw new Fault('TASK_NOT_CLAIMED');
    return this.#key;
  }

  /** Six digits of its own key, worked out by the phone itself. */
  get check(): string {
    return deviceCheck(this.key.kid);
  }

  /**
   * Fetches the grant; asks again while carrier or owner have not signed yet.
   * @param withinMs  how long; TASK_NOT_READY after that
   */
  takeGrant(withinMs = 30_000): Promise<Timed<TaskGrant>> {
    return timed(this.http.clock, async () => {
      const call = { method: 'GET', path: this.#path('/grant'), proof: this.key } as const;
      const until = this.http.clock.monotonic() + withinMs;
      for (let waitMs = 100; ; waitMs = Math.min(waitMs * 1.6, 2_000)) {
        const reply: Reply<TaskGrant> = await this.http.call(call, TaskGrant);
        const over = this.http.clock.monotonic() + waitMs > until;
        if (reply.ok || reply.code !== 'TASK_NOT_READY' || over) return reply;
        await pause(this.http.clock, waitMs);
      }
    });
  }

  /** Shows the grant to the hub, before or on the way to the door. @returns the visit, to go on with */
  prepare(task: TaskGrant): Promise<Timed<CourierVisit>> {
    return timed(this.http.clock, async () => {
      const call = { method: 'POST', path: this.#path('/prepare'), body: {}, proof: this.key } as const;
      const reply = await this.http.call(call, VisitView);
      if (!reply.ok) return reply;
      const { hub, grant } = task;
      return { ...reply, value: new CourierVisit(this.http, this.key, { hub, grantHash: hashOf(grant) }, reply.value) };
    });
  }

  /** Looks at the stop: what there is to do beside opening doors. */
  stop(): Promise<Timed<CourierStop>> {
    return timed(this.http.clock, () => CourierStop.open(this.http, this.key, this.token));
  }

  #path(rest = ''): string {
    return `/v1/tasks/${this.token}${rest}`;
  }
}
