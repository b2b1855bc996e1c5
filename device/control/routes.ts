/** What the command line may ask of the running hub. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import type { Hub } from '../main.ts';
import type { ControlRoutes } from './server.ts';

const named = (name: string | undefined): string => {
  if (name === undefined) throw new Fault('USAGE', { why: 'name a door' });
  return name;
};

const Pairing = v.strictObject({
  /** 4 or 6 digits. */
  pin: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999_999))),
  asApp: v.optional(v.boolean()),
});

/** @throws Fault BODY_MALFORMED */
function read<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  throw new Fault('BODY_MALFORMED', { setting: v.getDotPath(parsed.issues[0]) ?? '' });
}

export const controlRoutes = (hub: Hub): ControlRoutes => ({
  'GET /status': async () => hub.status(),
  'POST /handover': async () => hub.openHandover(),
  'POST /doors/:name/test': async (name) => hub.testLock(named(name)),
  'POST /doors/:name/pair': async (name, body) => hub.pairLock(named(name), read(Pairing, body)),
  'POST /doors/:name/unpair': async (name) => hub.unpairLock(named(name)),
});
