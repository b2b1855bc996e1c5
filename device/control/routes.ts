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

const Trying = v.strictObject({
  /** Whose name goes into the report. */
  installer: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
});

const Hearing = v.strictObject({ forMs: v.pipe(v.number(), v.integer(), v.minValue(50), v.maxValue(5_000)) });

export const controlRoutes = (hub: Hub): ControlRoutes => ({
  'GET /status': async () => hub.status(),
  'GET /handover': async () => hub.handover(),
  'POST /handover': async () => hub.openHandover({ renewKeys: true }),
  'DELETE /handover': async () => {
    hub.endHandover();
    return hub.handover();
  },
  'POST /nukis': async (_, body) => {
    const heard = await hub.hearNukis(read(Hearing, body).forMs);
    return heard === undefined ? { isFree: true } : { heard };
  },
  'GET /doors/:name/test': async (name) => hub.test(named(name)),
  'POST /doors/:name/test': async (name, body) => hub.beginTest(named(name), read(Trying, body).installer),
  'DELETE /doors/:name/test': async (name) => hub.abortTest(named(name)),
  'GET /doors/:name/pair': async (name) => hub.pairing(named(name)),
  'POST /doors/:name/pair': async (name, body) => hub.pairLock(named(name), read(Pairing, body)),
  'DELETE /doors/:name/pair': async (name) => hub.endPairing(named(name)),
  'POST /doors/:name/unpair': async (name) => hub.unpairLock(named(name)),
});
