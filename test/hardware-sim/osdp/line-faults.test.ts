import t from 'tap';
import { commandCodes as ask } from '../../../hardware-sim/osdp/codec.ts';
import { hex } from './golden.ts';
import { street } from './street.ts';

const key = hex('00112233445566778899AABBCCDDEEFF');
const keyHex = Buffer.from(key).toString('hex');
const pulse = [0, 5, 20, 0];
const nak = (code: number) => ({ code: 0x41, data: [code] });

t.test('drop: a lost reply means it ran, and the same bytes again get the same answer', async (t) => {
  const { controller, home, door } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  home.lineFault('bus', { fault: 'drop', next: 2 });
  t.equal(await cp.ask(ask.output, pulse), undefined);
  t.equal(await cp.resend(), undefined);
  t.match(await cp.resend(), { code: 0x40 });
  t.equal(door.truth().strikes, 1);
});

t.test('drop: a lost command never ran', async (t) => {
  const { controller, home, door, line } = await street();
  const cp = controller();
  home.lineFault('bus', { fault: 'drop', way: 'commands', next: 1 });
  t.equal(await cp.ask(ask.output, pulse), undefined);
  t.equal(door.truth().strikes, 0);
  t.match(await cp.resend(), { code: 0x40 });
  t.equal(door.truth().strikes, 1);
  t.strictSame(
    line.outs.map((out) => out.outcome),
    ['unheard', 'ran'],
  );
});

/** Which of 200 polls are answered on a line that loses some. */
async function answered(seed: number): Promise<string> {
  const { controller, home } = await street({}, [], seed);
  home.lineFault('bus', { fault: 'drop', chance: 0.3 });
  const cp = controller();
  let marks = '';
  for (let i = 0; i < 200; i++) marks += (await cp.ask(ask.poll)) ? '1' : '0';
  return marks;
}

t.test('drop: chance loses about its share, the same for the same seed', async (t) => {
  const first = await answered(7);
  t.equal(await answered(7), first);
  t.not(await answered(8), first);
  const lost = [...first].filter((mark) => mark === '0').length;
  t.ok(lost > 30 && lost < 90, `${lost} of 200`);
});

t.test('corrupt: a spoilt reply is no frame, a spoilt command is NAK 1, and neither counts', async (t) => {
  const { controller, home, door } = await street();
  const cp = controller();
  home.lineFault('bus', { fault: 'corrupt', next: 1 });
  t.equal(await cp.ask(ask.poll), undefined);
  t.match(await cp.resend(), { code: 0x40 });
  home.lineFault('bus', { fault: 'corrupt', way: 'commands', next: 1 });
  t.match(await cp.ask(ask.output, pulse), nak(1));
  t.equal(door.truth().strikes, 0);
  t.match(await cp.resend(), { code: 0x40 });
  t.equal(door.truth().strikes, 1);
});

t.test('corrupt: exactly one byte differs', async (t) => {
  const { carry, home } = await street();
  const poll = hex('53 00 08 00 04 60 EB AA');
  const good = (await carry(poll))!;
  home.lineFault('bus', { fault: 'corrupt' });
  for (let i = 0; i < 20; i++) {
    const spoilt = (await carry(poll))!;
    t.equal(good.filter((byte, at) => byte !== spoilt[at]).length, 1);
  }
  home.lineFault('bus', { fault: 'corrupt', active: false });
  t.strictSame(await carry(poll), good);
});

t.test('silent: one address hears nothing while the others answer', async (t) => {
  const side = { address: 1, doors: [{ id: 'side', output: 0, contactInput: 0 }] };
  const { controller, home, door } = await street({}, [side]);
  home.lineFault('bus', { fault: 'silent', address: 0 });
  const zero = controller(0);
  t.equal(await zero.ask(ask.output, pulse), undefined);
  t.equal(door.truth().strikes, 0);
  t.match(await controller(1).ask(ask.poll), { code: 0x40 });
  home.lineFault('bus', { fault: 'silent', address: 0, active: false });
  t.match(await zero.resend(), { code: 0x40 });
});

t.test('delay: T17: a reply through a relay comes later by what the relay takes', async (t) => {
  const { controller, home, clock, arrived, turn } = await street();
  const cp = controller();
  home.lineFault('bus', { fault: 'delay', ms: 200 });
  t.equal(await cp.ask(ask.poll), undefined);
  clock.advance(199);
  await turn();
  t.equal(arrived().length, 0);
  clock.advance(1);
  await turn();
  t.equal(arrived().length, 1);
});

t.test('power-cut: session and outputs are gone, door and key stay, the failure is told once', async (t) => {
  const { controller, home, door, clock } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  await cp.ask(ask.output, pulse);
  clock.advance(80);
  door.openLeaf();
  clock.advance(600);
  home.lineFault('bus', { fault: 'power-cut' });
  t.match(door.truth(), { energised: false, leaf: 'open' });
  t.equal(await cp.ask(ask.poll), undefined);
  home.lineFault('bus', { fault: 'power-cut', active: false });
  t.match(await cp.resend(), nak(6));
  t.match(await cp.handshake(key), { status: 1 });
  t.match(await cp.ask(ask.poll), { code: 0x48, data: [0, 1] });
  t.match(await cp.ask(ask.poll), { code: 0x40 });
  t.match(await cp.ask(ask.inputStatus), { data: [1, 0] });
});

t.test('T16: repeat-nonce: the random number of the last handshake comes again', async (t) => {
  const { controller, home } = await street({ keyHex });
  const cp = controller();
  const { rndB } = await cp.handshake(key);
  home.lineFault('bus', { fault: 'repeat-nonce' });
  t.equal((await cp.handshake(key)).rndB, rndB);
  home.lineFault('bus', { fault: 'repeat-nonce', active: false });
  t.not((await cp.handshake(key)).rndB, rndB);
});

t.test('T21: plaintext: answers inside the session carry no security block', async (t) => {
  const { controller, home } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  home.lineFault('bus', { fault: 'plaintext' });
  t.match(await cp.ask(ask.inputStatus), { code: 0x49, data: [0, 1], securityType: undefined });
});

t.test('nak: the next commands are refused with the given code and do not run', async (t) => {
  const { controller, home, door } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  home.lineFault('bus', { fault: 'nak', code: 9, next: 2 });
  t.match(await cp.ask(ask.output, pulse), { ...nak(9), securityType: 0x18 });
  t.match(await cp.resend(), { code: 0x41 }, 'resent: the same refusal, which uses none up');
  t.match(await cp.ask(ask.output, pulse), nak(9));
  t.equal(door.truth().strikes, 0);
  t.match(await cp.ask(ask.output, pulse), { code: 0x40 });
});

t.test('busy: sequence 0 in clear, the session untouched, the same bytes run later', async (t) => {
  const { controller, home, door } = await street({ keyHex });
  const cp = controller();
  await cp.handshake(key);
  home.lineFault('bus', { fault: 'busy' });
  t.match(await cp.ask(ask.output, pulse), { code: 0x79, sequence: 0, securityType: undefined });
  t.equal(door.truth().strikes, 0);
  t.match(await cp.resend(), { code: 0x40, securityType: 0x16 });
  t.equal(door.truth().strikes, 1);
});

t.test('tamper: a poll fetches it, the local status shows it until it is mended', async (t) => {
  const { controller, home } = await street();
  const cp = controller();
  await cp.ask(ask.poll);
  home.lineFault('bus', { fault: 'tamper' });
  t.match(await cp.ask(ask.poll), { code: 0x48, data: [1, 0] });
  t.match(await cp.ask(ask.localStatus), { data: [1, 0] });
  home.lineFault('bus', { fault: 'tamper', active: false });
  t.match(await cp.ask(ask.localStatus), { data: [0, 0] });
});

t.test('cut-after-n-writes: n replies come, then the cable is dead both ways', async (t) => {
  const { controller, home, door } = await street();
  const cp = controller();
  home.lineFault('bus', { fault: 'cut-after-n-writes', writes: 2 });
  t.match(await cp.ask(ask.poll), { code: 0x40 });
  t.match(await cp.ask(ask.poll), { code: 0x40 });
  t.equal(await cp.ask(ask.output, pulse), undefined);
  t.equal(door.truth().strikes, 0);
  home.lineFault('bus', { fault: 'cut-after-n-writes', active: false });
  t.match(await cp.resend(), { code: 0x40 });
});

t.test('unplug: the link closes, opens no more, and opens again once plugged in', async (t) => {
  const { home, line, link } = await street();
  let closed = 0;
  link.onClose(() => {
    closed += 1;
  });
  home.lineFault('bus', { fault: 'unplug' });
  t.equal(closed, 1);
  await t.rejects(line.connect(), { code: 'LINK_OPEN_FAILED' });
  await t.rejects(link.write(hex('53')), { code: 'LINK_CLOSED' });
  home.lineFault('bus', { fault: 'unplug', active: false });
  const again = await line.connect();
  const heard: Uint8Array[] = [];
  again.onData((chunk) => heard.push(chunk));
  await again.write(hex('53 00 08 00 04 60 EB AA'));
  await new Promise<void>((resolve) => setImmediate(resolve));
  t.strictSame(heard, [hex('53 80 08 00 04 40 59 AC')]);
});

t.test('a cut wire shows as an open loop where inputs are supervised, as not closed where they are not', async (t) => {
  for (const [supervised, levels] of [
    [true, [3, 3]],
    [false, [1, 0]],
  ] as const) {
    const { controller, home } = await street({ supervised });
    const cp = controller();
    home.doorFault('front', { fault: 'contact-cut' });
    home.doorFault('front', { fault: 'monitor-cut' });
    t.match(await cp.ask(ask.inputStatus), { data: levels });
  }
});

t.test('a flapping contact fills the polls, and only so many are kept', async (t) => {
  const { controller, home, clock } = await street();
  const cp = controller();
  await cp.ask(ask.poll);
  home.doorFault('front', { fault: 'contact-flapping', everyMs: 10 });
  clock.advance(5_000);
  home.doorFault('front', { fault: 'contact-flapping', active: false });
  let events = 0;
  while ((await cp.ask(ask.poll))!.code === 0x49) events += 1;
  t.equal(events, 64);
});

t.test('a fault that does not fit its table is refused', async (t) => {
  const { home } = await street();
  const bad = { fault: 'nak', next: 0 } as const;
  t.throws(() => home.lineFault('bus', bad), { code: 'BODY_MALFORMED' });
  t.throws(() => home.lineFault('bus', { fault: 'drop', colour: 'red' } as never), { code: 'BODY_MALFORMED' });
  t.throws(() => home.lineFault('tram', { fault: 'drop' }), { code: 'NOT_FOUND' });
  t.throws(() => home.doorFault('cellar', { fault: 'jam' }), { code: 'DOOR_UNKNOWN' });
});
