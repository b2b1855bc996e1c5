import { exportJWK, generateKeyPair } from 'jose';
import t from 'tap';
import * as v from 'valibot';
import { alarmTeller } from '../../../device/bus/alarms.ts';
import { systemClock } from '../../../device/clock/clock.ts';
import { verifyAlarm } from '../../../wire/alarm-message.ts';
import { toSignKey, toVerifyKey } from '../../../wire/jws.ts';
import { AlarmMessage, readMessage } from '../../../wire/messages.ts';
import { OkpJwk } from '../../../wire/shapes.ts';

const hubId = `hub-${'a'.repeat(20)}`;
const door = `door-${'b'.repeat(20)}`;

async function make() {
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  const signKey = await toSignKey({ kty: 'OKP', crv: 'Ed25519', x: x ?? '', d: d ?? '' });
  const verifyKey = await toVerifyKey(v.parse(OkpJwk, { kty, crv, x }));
  const line = { online: true, sent: [] as Buffer[], hurried: 0 };
  const bus = {
    publish: (_: string, payload: Buffer) => {
      if (line.online) line.sent.push(payload);
      return line.online;
    },
  };
  const hurry = (): void => {
    line.hurried += 1;
  };
  const teller = alarmTeller({ hubId, signKey, bus, clock: systemClock, hurry });
  const codes = async () =>
    Promise.all(
      line.sent.splice(0).map(async (payload) => {
        const read = readMessage('alarm', AlarmMessage, payload);
        const alarm = read.ok ? await verifyAlarm(read.value.alarm, verifyKey, hubId) : read;
        return alarm.ok ? alarm.value.code : alarm.code;
      }),
    );
  return { teller, line, codes };
}

t.test('an alarm is sent at once, and again with each hello until one after it is answered', async (t) => {
  const { teller, line, codes } = await make();
  await teller.tell('LOCK_OFFLINE', door);
  t.same(await codes(), ['LOCK_OFFLINE']);
  t.equal(line.hurried, 1, 'a hello is wanted');
  t.equal(teller.helloAnswered(), false, 'the answer to a hello of before says nothing');
  teller.beforeHello();
  t.same(await codes(), ['LOCK_OFFLINE']);
  t.equal(teller.helloAnswered(), true);
  teller.beforeHello();
  t.same(await codes(), [], 'it has arrived');
});

t.test('an alarm that is raised without a connection comes with the first hello', async (t) => {
  const { teller, line, codes } = await make();
  line.online = false;
  await teller.tell('JOURNAL_FAILED', undefined);
  await teller.tell('DOOR_NOT_LOCKED', door);
  teller.beforeHello();
  t.equal(teller.helloAnswered(), false, 'what never left cannot have arrived');
  line.online = true;
  teller.beforeHello();
  t.same(await codes(), ['JOURNAL_FAILED', 'DOOR_NOT_LOCKED']);
  t.equal(teller.helloAnswered(), true);
});

t.test('an alarm that is told while a hello is under way waits for the next', async (t) => {
  const { teller, codes } = await make();
  teller.beforeHello();
  await teller.tell('CAMERA_LOST', door);
  t.equal(teller.helloAnswered(), false);
  await codes();
  teller.beforeHello();
  t.same(await codes(), ['CAMERA_LOST']);
});

t.test('the same alarm of the same door waits once, and no more than 32 wait', async (t) => {
  const { teller, line, codes } = await make();
  line.online = false;
  await teller.tell('LOCK_OFFLINE', door);
  await teller.tell('LOCK_OFFLINE', door);
  line.online = true;
  teller.beforeHello();
  t.equal((await codes()).length, 1);
  line.online = false;
  for (let n = 10; n < 60; n += 1) await teller.tell('LOCK_OFFLINE', `door-${'c'.repeat(18)}${n}`);
  line.online = true;
  teller.beforeHello();
  t.equal((await codes()).length, 32);
});
