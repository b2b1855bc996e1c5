/** Config and Advanced Config: what the owner can set, and how it is told (reference 10, 11). */
import { type Cursor, Fields } from './bytes.ts';
import type { Layout } from './model.ts';

export interface Settings {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly autoUnlatch: number;
  /** Whether the button starts pairing. */
  readonly pairingEnabled: number;
  readonly buttonEnabled: number;
  readonly ledEnabled: number;
  readonly ledBrightness: number;
  readonly timezoneOffsetMin: number;
  readonly dstMode: number;
  readonly fobActions: readonly [number, number, number];
  readonly singleLock: number;
  readonly advertisingMode: number;
  readonly timezoneId: number;
}

export const freshSettings: Settings = {
  name: 'Front door',
  latitude: 0,
  longitude: 0,
  autoUnlatch: 0,
  pairingEnabled: 1,
  buttonEnabled: 1,
  ledEnabled: 1,
  ledBrightness: 3,
  timezoneOffsetMin: 60,
  dstMode: 1,
  fobActions: [4, 1, 2],
  singleLock: 0,
  advertisingMode: 0,
  timezoneId: 37,
};

/** What a Config tells beside the settings. */
export interface Facts {
  readonly nukiId: number;
  readonly nowMs: number;
  readonly hasKeypad: boolean;
}

/** Payload of a Config, as long as the layout says. */
export function configBytes(settings: Settings, { nukiId, nowMs, hasKeypad }: Facts, layout: Layout): Uint8Array {
  const keypad = hasKeypad ? 1 : 0;
  return new Fields()
    .u32(nukiId)
    .text(settings.name, 32)
    .f32(settings.latitude)
    .f32(settings.longitude)
    .u8(settings.autoUnlatch, settings.pairingEnabled, settings.buttonEnabled)
    .u8(settings.ledEnabled, settings.ledBrightness)
    .time(nowMs)
    .u16(settings.timezoneOffsetMin)
    .u8(settings.dstMode, 0, ...settings.fobActions)
    .u8(settings.singleLock, settings.advertisingMode, layout.deviceType === 0 ? keypad : 0)
    .u8(...layout.firmware, ...layout.hardware, 0)
    .u16(settings.timezoneId)
    .u8(layout.deviceType, 0, keypad, 0)
    .bytes()
    .slice(0, layout.configBytes);
}

/** Fields of a Set Config. */
export const readSettings = (body: Cursor): Settings => ({
  name: body.text(32),
  latitude: body.f32(),
  longitude: body.f32(),
  autoUnlatch: body.u8(),
  pairingEnabled: body.u8(),
  buttonEnabled: body.u8(),
  ledEnabled: body.u8(),
  ledBrightness: body.u8(),
  timezoneOffsetMin: body.i16(),
  dstMode: body.u8(),
  fobActions: [body.u8(), body.u8(), body.u8()],
  singleLock: body.u8(),
  advertisingMode: body.u8(),
  timezoneId: body.u16(),
});

/** Of the advanced settings those that this lock lives by; the rest is kept as bytes. */
export class AdvancedSettings {
  /** As in Set Advanced Config: without the degrees at the beginning. */
  #bytes: Uint8Array;

  constructor(layout: Layout) {
    const fresh = new Fields().u16(-50, 0, -90, -90).u8(20, 1, 0, 0, 0, 1, 3).u16(300);
    const rest = fresh.u8(0, 0, 22, 0, 6, 0, 0, 0, 0, 0, 0xff, 0, 0, 0).bytes();
    this.#bytes = rest.slice(0, layout.advancedBytes);
  }

  /** Payload of an Advanced Config. */
  bytes(): Uint8Array {
    return new Fields().u16(360).raw(this.#bytes).bytes();
  }

  /** Takes the fields of a Set Advanced Config; refuses an auto-lock in less than 2 s. @returns whether it took them */
  set(body: Cursor): boolean {
    const bytes = body.take(this.#bytes.length);
    if (!body.done || at16(bytes, offsets.autoLockTimeout) < 2) return false;
    this.#bytes = bytes;
    return true;
  }

  get lockNGoMs(): number {
    return this.#bytes[offsets.lockNGo]! * 1000;
  }

  get unlatchMs(): number {
    return this.#bytes[offsets.unlatch]! * 1000;
  }

  /** undefined where it does not lock by itself. */
  get autoLockMs(): number | undefined {
    const isOn = this.#bytes[offsets.autoLockEnabled] === 1;
    return isOn ? at16(this.#bytes, offsets.autoLockTimeout) * 1000 : undefined;
  }
}

/** Of fields in Set Advanced Config. */
export const offsets = { lockNGo: 8, unlatch: 14, autoLockTimeout: 15, autoLockEnabled: 26 } as const;

const at16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);
