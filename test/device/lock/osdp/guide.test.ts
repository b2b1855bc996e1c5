import t from 'tap';
import type { Sign } from '../../../../device/lock/guide.ts';
import { osdpGuide } from '../../../../device/lock/osdp/guide.ts';
import type { Peripheral } from '../../../../device/lock/osdp/peripheral.ts';
import { SimClock } from '../../../../hardware-sim/clock.ts';
import { Fault, type FaultCode } from '../../../../wire/faults.ts';
import { simulatedDoor, type WoundRigOptions, woundRig } from './wound-rig.ts';

const withReader = { doors: [{ ...simulatedDoor, reader: 0 }] };

async function guided(options: WoundRigOptions = { simulated: withReader }) {
  const rig = await woundRig(options);
  const guide = osdpGuide({ peripheral: rig.peripheral, clock: rig.clock, reader: 0, led: 0 });
  const truth = () => rig.home.reader('front').truth();
  await rig.windUntil(rig.isOnline, 1000);
  await rig.wind(1000);
  const sent = (code: string): number => rig.written.filter((frame) => frame.slice(14, 16) === code).length;
  return { ...rig, guide, truth, sent };
}

t.test('every sign has its light and its sound', async (t) => {
  const rig = await guided();
  const shows = async (sign: Sign) => {
    const before = rig.truth().sounds;
    rig.guide.show(sign);
    await rig.wind(600);
    const { light, blinks, sounds } = rig.truth();
    return `${light}${blinks ? ', blinking' : ''}${sounds > before ? ', with a sound' : ''}`;
  };
  t.equal(await shows('waiting'), 'blue, blinking');
  t.equal(await shows('open-now'), 'green, with a sound');
  t.equal(await shows('close-the-door'), 'amber, blinking');
  t.equal(await shows('done'), 'green, blinking, with a sound');
  t.equal(await shows('alarm'), 'red, blinking, with a sound');
  t.equal(await shows('nothing'), 'black');
  await rig.end();
});

t.test('the same sign again sends nothing', async (t) => {
  const rig = await guided();
  for (let n = 0; n < 3; n++) rig.guide.show('open-now');
  await rig.wind(1000);
  t.equal(rig.sent('69'), 2, 'dark when it came online, then green');
  t.equal(rig.sent('6a'), 1);
  await rig.end();
});

t.test('a light goes out by itself when the hub is gone', async (t) => {
  const rig = await guided();
  rig.guide.show('open-now');
  await rig.wind(500);
  t.match(rig.truth(), { light: 'green' });
  await rig.end();
  rig.clock.advance(60_000);
  t.match(rig.truth(), { light: 'green' }, 'the home has stopped, and its clock with it');

  const dying = await guided();
  dying.guide.show('open-now');
  await dying.wind(500);
  dying.home.lineFault('line', { fault: 'silent' });
  dying.clock.advance(60_000);
  t.match(dying.truth(), { light: 'black' });
  await dying.end();
});

t.test('an output goes before lights and sounds that wait', async (t) => {
  const rig = await guided();
  const before = rig.written.length;
  for (const sign of ['waiting', 'open-now', 'alarm', 'done'] as const) rig.guide.show(sign);
  const opening = rig.lock.open({ forMs: 500, expiresInMs: 1000 });
  await rig.wind(2000);
  await opening;
  const codes = rig.written.slice(before).map((frame) => frame.slice(14, 16));
  t.equal(codes[0], '68');
  const first = codes.findIndex((code) => code === '69' || code === '6a');
  t.ok(codes.indexOf('66') < first && codes.indexOf('65') < first, 'and so do the questions after it');
  t.match(rig.truth(), { light: 'green', blinks: true });
  await rig.end();
});

t.test('what must be asked of the door is not held up by lights', async (t) => {
  const rig = await guided();
  const before = rig.written.length;
  rig.home.door('front').openLeaf('key');
  for (const sign of ['waiting', 'open-now', 'alarm', 'done', 'nothing', 'alarm'] as const) rig.guide.show(sign);
  t.ok(await rig.windUntil(() => rig.lock.last()?.contact === 'open', 1500));
  const codes = rig.written.slice(before).map((frame) => frame.slice(14, 16));
  t.ok(codes.includes('65'));
  await rig.end();
});

/** A guide over a peripheral that refuses what it is told to refuse. */
function refusing(codeFor: (is: string) => FaultCode | undefined) {
  const clock = new SimClock();
  const sent: string[] = [];
  const send: Peripheral['send'] = async ({ is }) => {
    sent.push(is);
    const code = codeFor(is);
    if (code !== undefined) throw new Fault(code);
    return { is: 'ack' };
  };
  const guide = osdpGuide({ peripheral: { send, onNews: () => () => undefined }, clock, reader: 0, led: 0 });
  const show = async (sign: Sign): Promise<void> => {
    guide.show(sign);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, sent, show };
}

t.test('a reader without a buzzer shows its light all the same', async (t) => {
  const { sent, show } = refusing((is) => (is === 'buzzer' ? 'LOCK_REFUSED' : undefined));
  for (const sign of ['waiting', 'open-now', 'done', 'alarm'] as const) await show(sign);
  t.same(sent, ['led', 'led', 'buzzer', 'led', 'led']);
});

t.test('a reader that does not answer is left alone for a minute: it may not cost the door its session', async (t) => {
  let isSilent = true;
  const { clock, sent, show } = refusing(() => (isSilent ? 'LOCK_SILENT' : undefined));
  await show('waiting');
  for (const sign of ['open-now', 'done'] as const) await show(sign);
  t.same(sent, ['led']);
  isSilent = false;
  clock.advance(60_000);
  await show('alarm');
  t.same(sent, ['led', 'led', 'buzzer']);
});

t.test('a peripheral without a reader refuses once, and its door works', async (t) => {
  const rig = await guided({});
  for (const sign of ['waiting', 'open-now', 'alarm', 'done'] as const) {
    rig.guide.show(sign);
    await rig.wind(500);
  }
  t.equal(rig.sent('69'), 1);
  t.equal(rig.sent('6a'), 1);
  t.same(rig.saw('session.lost'), []);
  const opening = rig.lock.open({ forMs: 500, expiresInMs: 1000 });
  await rig.wind(200);
  await opening;
  await rig.end();
});

t.test('a reader that comes back shows what is to be shown, without its sound', async (t) => {
  const rig = await guided();
  rig.guide.show('open-now');
  await rig.wind(500);
  rig.home.lineFault('line', { fault: 'power-cut' });
  await rig.wind(9000);
  t.notOk(rig.isOnline());
  rig.guide.show('alarm');
  rig.home.lineFault('line', { fault: 'power-cut', active: false });
  t.ok(await rig.windUntil(rig.isOnline, 5000));
  await rig.wind(1000);
  t.match(rig.truth(), { light: 'red', sounds: 1 });
  await rig.end();
});
