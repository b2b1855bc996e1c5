/** Bytes written from the protocol's description, field by field; none comes from an encoder of ours. */
import t from 'tap';
import {
  decodeAuthorization,
  decodeInvited,
  encodeInvite,
  encodeRemoveUser,
  encodeUpdateUser,
} from '../../../../device/lock/nuki/authorization.ts';
import {
  decodeCodeId,
  decodeKeypadCode,
  encodeAddCode,
  encodeRemoveCode,
  encodeUpdateCode,
  isCode,
} from '../../../../device/lock/nuki/keypad-code.ts';
import { isLimit } from '../../../../device/lock/nuki/limit.ts';
import {
  decodeTimeControl,
  decodeTimeControlNumber,
  encodeAddTimeControl,
  encodeRemoveTimeControl,
  encodeUpdateTimeControl,
} from '../../../../device/lock/nuki/time-control.ts';
import { hex, toHex } from './vectors.ts';

const name = (text: string, size: number): string =>
  Buffer.from(text)
    .toString('hex')
    .padEnd(size * 2, '0');
const zeros = (count: number): string => '00'.repeat(count);
/** 5 January 2026 00:00:00 to 6 February 2026 12:30:15; Monday and Sunday; 9:00 to 17:45. */
const limit = 'EA070105000000 EA0702060C1E0F 41 0900 112D'.replaceAll(' ', '');
const times = {
  fromS: Date.UTC(2026, 0, 5) / 1000,
  untilS: Date.UTC(2026, 1, 6, 12, 30, 15) / 1000,
  weekdays: [0, 6],
  fromMinute: 540,
  untilMinute: 1065,
};
const created = 'E0070307080F1E';
const createdS = Date.UTC(2016, 2, 7, 8, 15, 30) / 1000;
const never = zeros(7);

t.test('a keypad code of 44 bytes and one of 63 are read, without their digits', async (t) => {
  // id 7, code 345678 = 0x0005464E
  const head = `0700 4E460500 ${name('Ann', 20)} 01 ${created} ${never} 0301`.replaceAll(' ', '');
  const always = decodeKeypadCode(hex(`${head}00`));
  t.same(always, { ok: true, value: { id: 7, name: 'Ann', enabled: true, createdS, uses: 259 } });
  t.equal(hex(`${head}00`).length, 44);
  t.equal(hex(`${head}01${limit}`).length, 63);
  const limited = decodeKeypadCode(hex(`${head}01${limit}`));
  t.same(limited.ok && limited.value.times, times);
  t.notMatch(JSON.stringify([always, limited]), /345678/);
  t.match(decodeKeypadCode(hex(head)), { ok: false, code: 'NUKI_FRAME_BAD' });
  t.match(decodeKeypadCode(hex(`${head}01${limit.slice(2)}`)), { ok: false, code: 'NUKI_FRAME_BAD' });
});

t.test('codes are added, changed and removed with the fields of the description', async (t) => {
  const asked = { digits: '345678', name: 'Ann' };
  t.equal(toHex(encodeAddCode(asked)), `4E460500${name('Ann', 20).toUpperCase()}${zeros(20)}`);
  t.equal(toHex(encodeAddCode({ ...asked, times })), `4E460500${name('Ann', 20).toUpperCase()}01${limit}`);
  t.equal(encodeAddCode(asked).length, 44);
  t.equal(toHex(encodeUpdateCode(7, false, asked)), `07004E460500${name('Ann', 20).toUpperCase()}00${zeros(20)}`);
  t.equal(toHex(encodeRemoveCode(0x0102)), '0201');
  t.match(decodeCodeId(hex(`0201${created}`)), { ok: true, value: 0x0102 });
  t.match(decodeCodeId(hex('02')), { ok: false });
  for (const digits of ['345678', '999999', '213456', '211111']) t.ok(isCode(digits), digits);
  for (const digits of ['345670', '123456', '12345', '3456789', '', '34567a', ' 45678', '345678\n'])
    t.notOk(isCode(digits), JSON.stringify(digits));
});

t.test('an authorization of 56 bytes and one of 75 are read, of every type', async (t) => {
  const head = (type: string): string =>
    `E05C3400 ${type} ${name('Oma', 32)} 01 00 ${created} ${created} 0000`.replaceAll(' ', '');
  t.equal(hex(`${head('00')}00`).length, 56);
  t.equal(hex(`${head('00')}01${limit}`).length, 75);
  t.same(decodeAuthorization(hex(`${head('00')}00`)), {
    ok: true,
    value: {
      ...{ id: 3431648, kind: 'app', name: 'Oma', enabled: true, mayActFromAfar: false },
      ...{ createdS, lastUsedS: createdS, uses: 0 },
    },
  });
  const kinds = { '01': 'bridge', '02': 'fob', '03': 'keypad', '7F': 'other' };
  for (const [type, kind] of Object.entries(kinds)) {
    t.match(decodeAuthorization(hex(`${head(type)}01${limit}`)), { value: { kind, times } });
  }
  t.match(decodeAuthorization(hex(head('00'))), { ok: false, code: 'NUKI_FRAME_BAD' });
});

t.test('a name of a lock may be garbage after its end, or full to its last byte', async (t) => {
  const garbage = `0700 4E460500 ${name('Ann', 4)}FFFE${'AA'.repeat(14)} 01 ${created} ${never} 0000 00`;
  t.match(decodeKeypadCode(hex(garbage.replaceAll(' ', ''))), { value: { name: 'Ann' } });
  const full = `0700 4E460500 ${name('abcdefghijklmnopqrst', 20)} 00 ${created} ${never} 0000 00`;
  t.match(decodeKeypadCode(hex(full.replaceAll(' ', ''))), { value: { name: 'abcdefghijklmnopqrst', enabled: false } });
});

t.test('users are invited, changed and removed with the fields of the description', async (t) => {
  const asked = { name: 'Oma', kind: 'fob', mayActFromAfar: true } as const;
  const key = new Uint8Array(32).fill(0xab);
  const oma = name('Oma', 32).toUpperCase();
  t.equal(toHex(encodeInvite(asked, key)), `${oma}02${'AB'.repeat(32)}01${zeros(20)}`);
  t.equal(encodeInvite({ ...asked, times }, key).length, 86);
  t.equal(toHex(encodeUpdateUser(3431648, true, { ...asked, times })), `E05C3400${oma}010101${limit}`);
  t.equal(toHex(encodeRemoveUser(0xfffffffe)), 'FEFFFFFF');
  t.match(decodeInvited(hex(`E05C3400${created}`)), { ok: true, value: 3431648 });
  t.match(decodeInvited(hex('E05C34')), { ok: false });
});

t.test('only times that a lock can keep are times', async (t) => {
  t.ok(isLimit(times));
  t.ok(isLimit({ ...times, weekdays: [], fromMinute: 0, untilMinute: 0 }));
  const unfit = [
    { untilS: times.fromS - 1 },
    { fromS: Number.NaN },
    { fromS: 1.5 },
    { untilS: Date.UTC(2100, 0, 1) / 1000 },
    { fromS: 0, untilS: 1 },
    { weekdays: [7] },
    { weekdays: [-1] },
    { fromMinute: 1440, untilMinute: 1440 },
    { fromMinute: 600, untilMinute: 599 },
  ];
  for (const one of unfit) t.notOk(isLimit({ ...times, ...one }), JSON.stringify(one));
});

t.test('a limit without dates is as wide as it can be, and is written so again', async (t) => {
  const head = `0700 4E460500 ${name('Ann', 20)} 01 ${created} ${never} 0000`.replaceAll(' ', '');
  const read = decodeKeypadCode(hex(`${head}01${zeros(14)}7C${'0800'}${'0C00'}`));
  t.match(read, { value: { times: { fromS: 0, weekdays: [0, 1, 2, 3, 4], fromMinute: 480, untilMinute: 720 } } });
  const kept = read.ok && read.value.times;
  t.ok(kept && isLimit(kept));
  const written = toHex(encodeAddCode({ digits: '345678', name: '', ...(kept ? { times: kept } : {}) }));
  t.equal(written.slice(48), '01D0070101000000' + '33080C1F173B3B' + '7C08000C00');
});

t.test('time control is read and written', async (t) => {
  // id 3, enabled, Monday to Friday, 22:30, lock
  t.same(decodeTimeControl(hex('03017C161E02')), {
    ok: true,
    value: { id: 3, enabled: true, weekdays: [0, 1, 2, 3, 4], atMinute: 1350, action: 2 },
  });
  const entry = { weekdays: [0, 1, 2, 3, 4], atMinute: 1350, action: 2 };
  t.equal(toHex(encodeAddTimeControl(entry)), '7C161E02');
  t.equal(toHex(encodeUpdateTimeControl({ ...entry, id: 3, enabled: false })), '03007C161E02');
  t.equal(toHex(encodeRemoveTimeControl(9)), '09');
  t.match(decodeTimeControlNumber(hex('05')), { ok: true, value: 5 });
  t.match(decodeTimeControlNumber(hex('')), { ok: false, code: 'NUKI_FRAME_BAD' });
  t.match(decodeTimeControl(hex('03017C161E')), { ok: false, code: 'NUKI_FRAME_BAD' });
});
