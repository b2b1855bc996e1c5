/** What can be done to a running home from outside, as a table: move people, set faults, look. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import type { SceneAsked } from '../camera/camera.ts';
import type { BarrierFaultAsked } from '../door/barrier.ts';
import type { DoorTruth, Moved } from '../door/door.ts';
import type { CameraFaultAsked, DoorFaultAsked, LineFaultAsked } from '../faults.ts';
import type { SimHome } from '../home.ts';
import { type Answered, ok, readBody } from './answers.ts';
import { followHome } from './follow-home.ts';
import { nukiRoutes } from './nuki-routes.ts';

/** A request that has been taken apart. `body` is undefined where none was sent. */
export interface Asked {
  /** What the `:id` of the path stands for. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Answers once (`run`), or goes on telling, a JSON line each time, until the other side has enough (`follow`). */
export type Route = {
  readonly method: 'GET' | 'POST';
  /** Segments of the path; `:id` takes one segment of a-z, 0-9 and `-`. */
  readonly path: string;
} & (
  | { readonly run: (home: SimHome, asked: Asked) => Answered }
  /** @returns stop telling */
  | { readonly follow: (home: SimHome, asked: Asked, tell: (body: unknown) => void) => () => void }
);

/** 409 when nothing moved: the latch holds, or the leaf is there already. */
function moved(home: SimHome, id: string, result: Moved): Answered {
  return { status: result.moved ? 200 : 409, body: { ...result, ...look(home, id) } };
}

const look = (home: SimHome, id: string): { id: string } & DoorTruth => ({ id, ...home.door(id).truth() });

function lookAtLine(home: SimHome, id: string) {
  const { path, outs, overlaps, bus } = home.line(id);
  return { id, path: path ?? null, outsRun: bus.outsRun, overlaps, outs };
}

const slip = v.strictObject({ forMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(600_000)), 1_000) });

const ring = v.strictObject({ forMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(600_000)), 200) });

const press = v.strictObject({ keys: v.pipe(v.string(), v.regex(/^[0-9*#A-D]{1,255}$/)) });

function readAfter(query: URLSearchParams): number {
  const after = Number(query.get('after') ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) throw new Fault('BODY_MALFORMED', { problem: 'after is a number' });
  return after;
}

export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/doors/:id/open-leaf',
    run: (home, { id }) => moved(home, id, home.door(id).openLeaf('hand')),
  },
  { method: 'POST', path: '/doors/:id/close-leaf', run: (home, { id }) => moved(home, id, home.door(id).closeLeaf()) },
  { method: 'POST', path: '/doors/:id/force', run: (home, { id }) => moved(home, id, home.door(id).openLeaf('force')) },
  { method: 'POST', path: '/doors/:id/use-key', run: (home, { id }) => moved(home, id, home.door(id).openLeaf('key')) },
  {
    method: 'POST',
    path: '/doors/:id/slip-latch',
    run: (home, { id, body }) => {
      home.door(id).slipLatch(readBody(slip, body ?? {}).forMs);
      return moved(home, id, { moved: true });
    },
  },
  {
    method: 'POST',
    path: '/doors/:id/press',
    run: (home, { id, body }) => {
      const { keys } = readBody(press, body);
      const reader = home.reader(id);
      reader.press(keys);
      return ok({ id, ...reader.truth() });
    },
  },
  {
    method: 'POST',
    path: '/doors/:id/ring',
    run: (home, { id, body }) => {
      const bell = home.bell(id);
      bell.press(readBody(ring, body ?? {}).forMs);
      return ok({ id, isPressed: bell.isPressed });
    },
  },
  { method: 'GET', path: '/doors/:id/reader', run: (home, { id }) => ok({ id, ...home.reader(id).truth() }) },
  {
    method: 'POST',
    path: '/doors/:id/fault',
    run: (home, { id, body }) => {
      home.doorFault(id, body as DoorFaultAsked);
      return ok(look(home, id));
    },
  },
  {
    method: 'POST',
    path: '/barriers/:id/press',
    run: (home, { id }) => {
      home.barrier(id).press();
      return ok({ id, ...home.barrier(id).truth() });
    },
  },
  {
    method: 'POST',
    path: '/barriers/:id/fault',
    run: (home, { id, body }) => {
      home.barrierFault(id, body as BarrierFaultAsked);
      return ok({ id, ...home.barrier(id).truth() });
    },
  },
  { method: 'GET', path: '/barriers/:id', run: (home, { id }) => ok({ id, ...home.barrier(id).truth() }) },
  {
    method: 'POST',
    path: '/lines/:id/fault',
    run: (home, { id, body }) => {
      home.lineFault(id, body as LineFaultAsked);
      return ok(lookAtLine(home, id));
    },
  },
  {
    method: 'POST',
    path: '/cameras/:id/fault',
    run: (home, { id, body }) => {
      home.cameraFault(id, body as CameraFaultAsked);
      return ok(home.camera(id).told());
    },
  },
  {
    method: 'POST',
    path: '/cameras/:id/scene',
    run: (home, { id, body }) => {
      home.scene(id, (body ?? {}) as SceneAsked);
      return ok(home.camera(id).told());
    },
  },
  {
    method: 'GET',
    path: '/cameras',
    run: (home) => ok({ cameras: [...home.cameras.values()].map((one) => one.told()) }),
  },
  { method: 'GET', path: '/cameras/:id', run: (home, { id }) => ok(home.camera(id).told()) },
  {
    method: 'GET',
    path: '/cameras/:id/follow',
    follow: (home, { id }, tell) => {
      const camera = home.camera(id);
      tell(camera.told());
      return camera.onChange(() => tell(camera.told()));
    },
  },
  {
    method: 'GET',
    path: '/doors',
    run: (home) => ok({ doors: [...home.doors.keys()].map((id) => look(home, id)) }),
  },
  { method: 'GET', path: '/doors/:id', run: (home, { id }) => ok(look(home, id)) },
  { method: 'GET', path: '/lines/:id', run: (home, { id }) => ok(lookAtLine(home, id)) },
  { method: 'GET', path: '/lines/:id/exchanges', run: (home, { id }) => ok({ exchanges: home.line(id).exchanges }) },
  {
    method: 'GET',
    path: '/events',
    run: (home, { query }) =>
      ok({
        events: home.events.after(readAfter(query)),
        lines: [...home.lines.keys()].map((id) => lookAtLine(home, id)),
      }),
  },
  { method: 'GET', path: '/follow', follow: (home, _, tell) => followHome(home, tell) },
  ...nukiRoutes,
];
