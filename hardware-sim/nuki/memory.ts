/** What a Nuki remembers without power, and how it is written down. */
import * as v from 'valibot';
import type { StateFile } from '../state-file.ts';
import type { NukiCore } from './core.ts';
import type { Settings } from './settings.ts';
import type { TimeLimit } from './times.ts';

const whole = v.pipe(v.number(), v.integer());
/** A day that no calendar has is NaN in a Nuki and null in JSON. */
const timeMs = v.pipe(
  v.nullable(v.number()),
  v.transform((ms) => ms ?? Number.NaN),
);
const hexBytes = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{2})*$/),
  v.transform((hex) => new Uint8Array(Buffer.from(hex, 'hex'))),
);

const limitSchema = v.pipe(
  v.nullable(
    v.strictObject({ fromMs: timeMs, untilMs: timeMs, weekdays: whole, fromMinute: whole, untilMinute: whole }),
  ),
  v.transform((limit): TimeLimit | undefined => limit ?? undefined),
);

const authorizationSchema = v.strictObject({
  id: whole,
  idType: whole,
  clientId: whole,
  key: hexBytes,
  createdMs: timeMs,
  name: v.string(),
  enabled: v.boolean(),
  remoteAllowed: v.boolean(),
  limit: limitSchema,
  lastActiveMs: timeMs,
  lockCount: whole,
});

const codeSchema = v.strictObject({
  id: whole,
  code: whole,
  name: v.string(),
  enabled: v.boolean(),
  limit: limitSchema,
  createdMs: timeMs,
  lastActiveMs: timeMs,
  lockCount: whole,
});

const entrySchema = v.strictObject({
  index: whole,
  atMs: timeMs,
  authorizationId: whole,
  name: v.string(),
  type: whole,
  data: v.array(whole),
});

const degrees = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? 0),
);

const settingsSchema: v.GenericSchema<unknown, Settings> = v.strictObject({
  name: v.string(),
  latitude: degrees,
  longitude: degrees,
  autoUnlatch: whole,
  pairingEnabled: whole,
  buttonEnabled: whole,
  ledEnabled: whole,
  ledBrightness: whole,
  timezoneOffsetMin: whole,
  dstMode: whole,
  fobActions: v.tuple([whole, whole, whole]),
  singleLock: whole,
  advertisingMode: whole,
  timezoneId: whole,
});

const keptSchema = v.strictObject({
  authorizations: v.strictObject({ all: v.array(authorizationSchema), nextId: whole }),
  codes: v.strictObject({ all: v.array(codeSchema), nextId: whole }),
  log: v.strictObject({ entries: v.array(entrySchema), index: whole, isOn: v.boolean() }),
  pin: whole,
  settings: settingsSchema,
  configUpdates: whole,
  /** As in Set Advanced Config. */
  advanced: hexBytes,
  /** Its clock before that of the machine, ms. */
  driftMs: v.number(),
  /** The state-changed flag. */
  isChanged: v.boolean(),
  /** Where the bolt last stood still. */
  bolt: v.picklist(['thrown', 'drawn']),
});
export type Kept = v.InferOutput<typeof keptSchema>;
/** What is not in the core of a lock. */
export type KeptBeside = Pick<Kept, 'configUpdates' | 'driftMs' | 'isChanged' | 'bolt'>;

/** Of one lock. */
export interface NukiMemory {
  /** What it knew at its start; undefined for a lock that is new. */
  readonly kept: Kept | undefined;
  /** Written down when this returns. */
  keep(core: NukiCore, beside: KeptBeside): void;
}

/** @throws Fault CONFIG_INVALID when the file holds something else under this name */
export function nukiMemory(file: StateFile, id: string): NukiMemory {
  // No line can have this name: keys of peripherals are under `<line>/<address>`.
  const name = `nuki:${id}`;
  let last = '';
  return {
    kept: file.get(name, keptSchema),
    keep: (core, beside) => {
      const written = write(core, beside);
      const text = JSON.stringify(written);
      if (text === last) return;
      last = text;
      file.set(name, written);
    },
  };
}

function write({ authorizations, codes, log, pin, settings, advanced }: NukiCore, beside: KeptBeside) {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const withLimit = <T extends { readonly limit: TimeLimit | undefined }>(one: T) => ({
    ...one,
    limit: one.limit ?? null,
  });
  return {
    ...beside,
    authorizations: {
      all: authorizations.all.map((one) => ({ ...withLimit(one), key: hex(one.key) })),
      nextId: authorizations.nextId,
    },
    codes: { all: codes.all.map(withLimit), nextId: codes.nextId },
    log: { entries: log.entries, index: log.index, isOn: log.isOn },
    pin: pin.pin,
    settings: settings(),
    // Advanced Config begins with degrees that cannot be set.
    advanced: hex(advanced.bytes().subarray(2)),
  };
}
