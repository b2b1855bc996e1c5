/** Bytes written from the protocol's description, field by field; none comes from an encoder of ours. */
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { decodeAdvancedConfig } from '../../../../device/lock/nuki/advanced-config.ts';
import { decodeAuthorization, decodeInvited } from '../../../../device/lock/nuki/authorization.ts';
import { decodeBatteryReport } from '../../../../device/lock/nuki/battery-report.ts';
import { decodeConfig, hasKeypad, identityOf } from '../../../../device/lock/nuki/config.ts';
import { decodeErrorReport } from '../../../../device/lock/nuki/error-report.ts';
import { decodeCodeId, decodeKeypadCode } from '../../../../device/lock/nuki/keypad-code.ts';
import { decodeLogEntry } from '../../../../device/lock/nuki/log-entry.ts';
import { decodeLogCount, encodeEnableLog, encodeLogRequest } from '../../../../device/lock/nuki/log-request.ts';
import { decodeStates } from '../../../../device/lock/nuki/states.ts';
import { decodeTimeControl, decodeTimeControlNumber } from '../../../../device/lock/nuki/time-control.ts';
import { hex, toHex } from './vectors.ts';

const joined = (...parts: string[]): string => parts.join('').replaceAll(' ', '');
/** Bytes 0 to 73; `keypad` is byte 65, `zone` bytes 72 and 73. */
const config = (keypad = '01', zone = '2500'): string =>
  joined(
    'C535C333', // nuki id
    Buffer.from('Front door').toString('hex').padEnd(64, '0'),
    '0000403F 000080BF', // latitude, longitude
    '01 00 01 01 03', // auto unlatch, pairing, button, led, brightness
    'E0070307080F1E 3C00 01', // time, zone, daylight saving
    '01 04 01 02 00 03', // fob, its actions, single lock, advertising mode
    `${keypad} 020F07 0C02 03 ${zone}`, // keypad, firmware, hardware, homekit, zone
  );

t.test('a Config of 74 bytes is read, and the place of the home is not kept', async (t) => {
  t.equal(hex(config()).length, 74);
  const read = decodeConfig(hex(config()));
  t.same(read, {
    ok: true,
    value: {
      ...{ nukiId: 0x33c335c5, name: 'Front door', autoUnlatch: true, pairingEnabled: false, buttonEnabled: true },
      ...{ ledEnabled: true, ledBrightness: 3, zoneMinutes: 60, daylightSaving: 1, hasFob: true },
      ...{ time: { year: 2016, month: 3, day: 7, hour: 8, minute: 15, second: 30 }, fobActions: [4, 1, 2] },
      ...{ singleLock: false, advertisingMode: 3, hasKeypad: true, firmware: '2.15.7', hardware: '12.2' },
      ...{ homekit: 3, zoneId: 37 },
    },
  });
  t.equal(read.ok && identityOf(read.value), 'Nuki Smart Lock, generation 1 or 2, firmware 2.15.7, hardware 12.2');
  t.match(decodeConfig(hex(config()).subarray(0, 73)), { ok: false, code: 'NUKI_FRAME_BAD' });
  t.equal((decodeConfig(hex(config('00', 'FFFF'))) as { value: { zoneId?: number } }).value.zoneId, undefined);
});

t.test('a Config of 76, of 78 and of more bytes is read as far as it is known', async (t) => {
  const of = (tail: string) => decodeConfig(hex(config('00') + tail));
  t.match(of('0403'), { value: { deviceType: 4, radios: 3, hasKeypad2: undefined } });
  const newest = of('05010104FFFF');
  t.match(newest, { value: { deviceType: 5, radios: 1, hasKeypad2: true, matter: 4 } });
  t.ok(newest.ok && hasKeypad(newest.value), 'a second kind of keypad');
  t.match(newest.ok && identityOf(newest.value), /Ultra/);
  const plain = of('09000000');
  t.notOk(plain.ok && hasKeypad(plain.value));
  t.match(plain.ok && identityOf(plain.value), /type 9/);
});

/** Bytes 0 to 18 of an Advanced Config. */
const start = joined('6801 CEFF 0000 A6FF A6FF', '14 01 05 00 02 01 03', '2C01');
const night = '00 01 1600 0600 01 00 01';

t.test('an Advanced Config of each generation is read as far as it goes', async (t) => {
  const first = {
    ...{ totalDegrees: 360, unlockedOffset: -50, lockedOffset: 0, singleLockedOffset: -90, unlockedToLocked: -90 },
    ...{ lockAndGoS: 20, singleButton: 1, doubleButton: 5, detachedCylinder: false, batteryType: 2 },
    ...{ detectsBattery: true, unlatchS: 3, autoLockS: 300 },
  };
  t.same(decodeAdvancedConfig(hex(start)), { ok: true, value: first });
  const older = hex(joined(start, night, '01'));
  t.equal(older.length, 29);
  const isNight = { isOn: true, fromMinute: 1320, untilMinute: 360, autoLocks: true, autoUnlockOff: false };
  const value = { ...first, autoUnlockOff: false, night: { ...isNight, locksAtStart: true }, autoLocks: true };
  t.same(decodeAdvancedConfig(older), { ok: true, value });
  t.same(decodeAdvancedConfig(hex(joined(start, night, '01 FF 01'))), {
    ok: true,
    value: { ...value, autoUpdates: true },
  });
  const newest = hex(joined(start, night, '01 01 00 02 01'));
  t.equal(newest.length, 33);
  const more = { autoLocksAtOnce: true, autoUpdates: false, motorSpeed: 2, isSlowAtNight: true };
  t.same(decodeAdvancedConfig(newest), { ok: true, value: { ...value, ...more } });
  t.same(decodeAdvancedConfig(hex(joined(start, night.slice(0, 12)))), {
    ok: true,
    value: { ...first, autoUnlockOff: false },
  });
  t.match(decodeAdvancedConfig(hex(start).subarray(0, 16)), { ok: false, code: 'NUKI_FRAME_BAD' });
});

t.test('a Battery Report is read, cold included', async (t) => {
  // 1120 mWs, 5800 mV, 78 % and not critical, unlock, 5800, 5300 mV, 361 degrees, -5 °C, 910 mA, 310 mΩ
  const bytes = hex(joined('6004 A816 9C 01 A816 B414 6901 FB 8E03 3601'));
  t.equal(bytes.length, 17);
  t.same(decodeBatteryReport(bytes), {
    ok: true,
    value: {
      ...{ drainMws: 1120, voltageMv: 5800, battery: { critical: false, charging: false, percent: 78 }, action: 1 },
      ...{ startVoltageMv: 5800, lowestVoltageMv: 5300, distanceDegrees: 361, startTemperatureC: -5 },
      ...{ mostCurrentMa: 910, resistanceMohm: 310 },
    },
  });
  t.match(decodeBatteryReport(bytes.subarray(0, 16)), { ok: false, code: 'NUKI_FRAME_BAD' });
});

t.test('the log is asked for, switched, and counted with and without a sensor', async (t) => {
  t.equal(toHex(encodeLogRequest({ start: 0x01020304, count: 8, order: 'ascending' })), '0403020108000001');
  t.equal(toHex(encodeLogRequest({ start: 0, count: 1, order: 'descending' })), '0000000001000101');
  t.equal(toHex(encodeEnableLog(true)), '01');
  const full = { isLogging: true, count: 500, hasSensor: true, isLoggingSensor: false };
  t.same(decodeLogCount(hex('01F4010100')), { ok: true, value: full });
  t.same(decodeLogCount(hex('01F40101')), { ok: true, value: { isLogging: true, count: 500, hasSensor: true } });
  t.same(decodeLogCount(hex('000000')), { ok: true, value: { isLogging: false, count: 0 } });
  t.match(decodeLogCount(hex('0001')), { ok: false, code: 'NUKI_FRAME_BAD' });
});

t.test('no bytes make a decoder throw', async (t) => {
  const decoders = {
    ...{ decodeConfig, decodeAdvancedConfig, decodeBatteryReport, decodeKeypadCode, decodeCodeId, decodeAuthorization },
    ...{ decodeInvited, decodeTimeControl, decodeTimeControlNumber, decodeLogCount, decodeLogEntry, decodeStates },
  };
  for (const [name, decode] of Object.entries(decoders)) {
    const outcomes = { read: 0, refused: 0 };
    for (let size = 0; size <= 100; size += 1) {
      for (const bytes of [new Uint8Array(size).fill(0xff), ...Array.from({ length: 8 }, () => randomBytes(size))]) {
        const read = decode(new Uint8Array(bytes));
        if (read.ok) outcomes.read += 1;
        else if (read.code === 'NUKI_FRAME_BAD') outcomes.refused += 1;
      }
    }
    t.equal(outcomes.read + outcomes.refused, 909, name);
    t.ok(outcomes.read > 0 && outcomes.refused > 0, `${name} reads some of them, and refuses some`);
  }
  for (let size = 0; size < 10; size += 1) t.equal(decodeErrorReport(randomBytes(size)) === undefined, size < 3);
});
