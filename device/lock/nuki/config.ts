/**
 * Config (0015): who the lock is and how it is set. 74 bytes of generations 1 and 2, 76 to 78 of later ones, and it may grow.
 *
 * | at | field |
 * |---|---|
 * | 0, 4, 36, 40 | `nuki id u32`, `name[32]`, `latitude f32`, `longitude f32` |
 * | 44 to 48 | `auto unlatch, pairing, button, led` as flags, `brightness 0..5` |
 * | 49, 56, 58 | `time7`, `zone i16`, `daylight saving u8` |
 * | 59 to 64 | `has fob, fob actions [3], single lock, advertising mode` |
 * | 65, 66, 69, 71, 72 | `has keypad`, `firmware [3]`, `hardware [2]`, `homekit`, `zone id u16` |
 * | 74 to 77 | `device type, capabilities, has keypad 2, matter`: later generations |
 * @see Nuki Smart Lock API V2.3.0, "Config (0x0015)"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { FieldReader, given, type LockTime } from './fields.ts';

/** Without the place: where a home is, the hub has no need to know. What is undefined was not in the layout of this firmware. */
export interface Config {
  /** As printed on the lock. */
  readonly nukiId: number;
  /** As the household calls it. */
  readonly name: string;
  readonly autoUnlatch: boolean;
  /** Whether its button starts pairing. */
  readonly pairingEnabled: boolean;
  readonly buttonEnabled: boolean;
  readonly ledEnabled: boolean;
  /** 0..5 */
  readonly ledBrightness: number;
  readonly time: LockTime;
  readonly zoneMinutes: number;
  /** 0 off, 1 European. */
  readonly daylightSaving: number;
  readonly hasFob: boolean;
  /** 0 nothing, 1 unlock, 2 lock, 3 lock'n'go, 4 intelligent. */
  readonly fobActions: readonly [number, number, number];
  /** Locks with one turn. */
  readonly singleLock: boolean;
  /** 0 by itself, 1 normal, 2 slow, 3 slowest. */
  readonly advertisingMode: number;
  readonly hasKeypad: boolean;
  /** `2.15.7` */
  readonly firmware: string;
  /** `12.2` */
  readonly hardware: string;
  /** 0 none, 1 off, 2 on, 3 paired. */
  readonly homekit: number;
  /** Undefined where none is set. */
  readonly zoneId?: number;
  readonly deviceType?: number;
  /** Bit 0 Wi-Fi, bit 1 Thread. */
  readonly radios?: number;
  readonly hasKeypad2?: boolean;
  readonly matter?: number;
}

const oldestBytes = 74;
const noZone = 0xffff;

/** Reads 74, 76, 78 bytes, and every length between and beyond. Never throws. @returns NUKI_FRAME_BAD below 74 bytes */
export function decodeConfig(payload: Uint8Array): Verdict<Config> {
  const field = new FieldReader(payload);
  if (!field.has(oldestBytes)) return refuse('NUKI_FRAME_BAD', { reason: 'config' });
  const [nukiId, name] = [field.u32(), field.text(32)];
  field.bytes(8);
  const first = {
    ...{ nukiId, name },
    autoUnlatch: field.flag(),
    pairingEnabled: field.flag(),
    buttonEnabled: field.flag(),
    ledEnabled: field.flag(),
    ledBrightness: field.u8(),
    time: field.time(),
    zoneMinutes: field.i16(),
    daylightSaving: field.u8(),
    hasFob: field.flag(),
    fobActions: [field.u8(), field.u8(), field.u8()] as const,
    singleLock: field.flag(),
    advertisingMode: field.u8(),
    hasKeypad: field.flag(),
    firmware: [field.u8(), field.u8(), field.u8()].join('.'),
    hardware: [field.u8(), field.u8()].join('.'),
    homekit: field.u8(),
  };
  const zoneId = field.u16();
  const u8 = (): number | undefined => (field.has(1) ? field.u8() : undefined);
  const [deviceType, radios, keypad2, matter] = [u8(), u8(), u8(), u8()];
  return accept({
    ...first,
    ...given('zoneId', zoneId === noZone ? undefined : zoneId),
    ...given('deviceType', deviceType),
    ...given('radios', radios),
    ...given('hasKeypad2', keypad2 === undefined ? undefined : keypad2 !== 0),
    ...given('matter', matter),
  });
}

const models: { readonly [deviceType: number]: string } = {
  0: 'Nuki Smart Lock, generation 1 or 2',
  3: 'Nuki Smart Door',
  4: 'Nuki Smart Lock, generation 3 or 4',
  5: 'Nuki Smart Lock Ultra',
};

/** Model, firmware and hardware for people; no name. */
export const identityOf = ({ deviceType = 0, firmware, hardware }: Config): string =>
  `${models[deviceType] ?? `Nuki lock of type ${deviceType}`}, firmware ${firmware}, hardware ${hardware}`;

export const hasKeypad = (config: Config): boolean => config.hasKeypad || config.hasKeypad2 === true;
