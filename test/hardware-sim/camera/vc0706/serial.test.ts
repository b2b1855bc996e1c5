import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import t, { type Test } from 'tap';
import { startSimHome } from '../../../../hardware-sim/home.ts';
import { byteMsAt, lineNowMs } from '../../../../hardware-sim/line/pace.ts';
import { until } from '../../../support/until.ts';
import { hex } from '../../osdp/golden.ts';
import { brightness, decodeJpeg, noCanvas, timeOf } from '../pictures.ts';

const options = { skip: noCanvas };
const doors = [{ id: 'front', output: 0, contactInput: 0, monitorInput: 1, leafMs: 5 }];

/** A home with a serial camera, and the port as the hub opens it. */
async function wired(t: Test, paced = false) {
  const path = join(t.testdir(), 'camera.tty');
  const home = startSimHome({
    lines: [{ id: 'bus', paced: false, peripherals: [{ address: 0, doors }] }],
    cameras: [{ id: 'porch', door: 'front', vc0706: { path, baudRate: 115_200, paced } }],
  });
  t.teardown(() => home.close());
  const open = async () => {
    const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    const heard: number[] = [];
    port.on('data', (chunk: Buffer) => heard.push(...chunk));
    t.teardown(() => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())));
    const take = async (count: number): Promise<Uint8Array> => {
      await until(`${count} bytes`, () => heard.length >= count);
      return Uint8Array.from(heard.splice(0, count));
    };
    const ask = async (command: string, count: number): Promise<Uint8Array> => {
      port.write(hex(command));
      return take(count);
    };
    return { port, heard, take, ask };
  };
  return { home, path, open };
}

type Port = Awaited<ReturnType<Awaited<ReturnType<typeof wired>>['open']>>;

const word = (n: number): string => n.toString(16).padStart(8, '0');

/** Freeze, length, chunks, resume: as a driver takes a picture. */
async function shoot({ ask }: Port, chunk = 2_048): Promise<Uint8Array> {
  await ask('56 00 36 01 03', 5);
  await ask('56 00 36 01 00', 5);
  const length = new DataView((await ask('56 00 34 01 00', 9)).buffer).getUint32(5);
  const picture = new Uint8Array(length);
  for (let from = 0; from < length; from += chunk) {
    const count = Math.min(chunk, length - from);
    const got = await ask(`56 00 32 0C 00 0A ${word(from)} ${word(count)} 00 0A`, count + 10);
    picture.set(got.subarray(5, 5 + count), from);
  }
  return picture;
}

t.test('a picture of the door, as it is, with the time at which it was held', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  t.strictSame(await port.ask('56 00 11 00', 16), hex('76 00 11 00 0B 56 43 30 37 30 33 20 31 2E 30 30'));
  const column = [318, 284, 326, 294] as const;
  const beganMs = Date.now();
  const closed = await shoot(port);
  t.strictSame(closed.slice(0, 2), hex('FF D8'));
  const pixels = await decodeJpeg(closed);
  t.match(pixels, { width: 640, height: 480 });
  t.ok(timeOf(pixels)! >= beganMs && timeOf(pixels)! <= Date.now());
  t.ok(brightness(pixels, ...column) < 110);
  home.door('front').openLeaf('key');
  await until('open', () => home.door('front').truth().leaf === 'open');
  t.ok(brightness(await decodeJpeg(await shoot(port)), ...column) > 150);

  await port.ask('56 00 54 01 11', 5);
  t.match(await decodeJpeg(await shoot(port)), { width: 320, height: 240 });
});

t.test('bytes take their time; a new speed counts after the answer', options, async (t) => {
  const { open } = await wired(t, true);
  const port = await open();
  const took = async (command: string, count: number): Promise<number> => {
    const beganMs = lineNowMs();
    await port.ask(command, count);
    return lineNowMs() - beganMs;
  };
  await port.ask('56 00 36 01 00', 5);
  const read = '56 00 32 0C 00 0A 00 00 00 00 00 00 04 00 00 0A';
  const all = 16 + 5 + 1_024 + 5;
  t.ok((await took(read, 1_034)) >= all * byteMsAt(115_200));
  t.ok((await took('56 00 24 03 01 AE C8', 5)) >= (7 + 5) * byteMsAt(115_200));
  t.ok((await took(read, 1_034)) >= all * byteMsAt(9_600));
});

t.test('a reset: the answer, then who it is, and the first speed again', options, async (t) => {
  const { open } = await wired(t);
  const port = await open();
  const answer = Buffer.from(await port.ask('56 00 26 00', 5 + 13 + 17 + 21 + 5 + 10));
  t.strictSame(new Uint8Array(answer.subarray(0, 5)), hex('76 00 26 00 00'));
  t.match(answer.toString('latin1'), /VC0703 1.00\r\n.*Init end\r\n$/s);
});

t.test('motion is told unasked, once it was switched on', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  home.scene('porch', { courier: 'here' });
  await port.ask('56 00 37 01 01', 5);
  home.scene('porch', { courier: 'away' });
  t.strictSame(await port.take(5), hex('76 00 39 00 00'));
  t.equal(port.heard.length, 0);
});

t.test('freeze and blackout: of the sensor', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  const before = await shoot(port);
  home.cameraFault('porch', { fault: 'freeze' });
  t.strictSame(await shoot(port), before);
  home.cameraFault('porch', { fault: 'freeze', active: false });
  t.not(Buffer.from(await shoot(port)).equals(before), true);
  home.cameraFault('porch', { fault: 'blackout' });
  t.ok(brightness(await decodeJpeg(await shoot(port)), 0, 40, 640, 460) < 25);
});

t.test('silent: hears nothing, answers nothing', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  home.cameraFault('porch', { fault: 'silent' });
  port.port.write(hex('56 00 11 00'));
  await new Promise<void>((resolve) => port.port.drain(() => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 300));
  home.cameraFault('porch', { fault: 'silent', active: false });
  t.strictSame(await port.ask('56 00 38 00', 6), hex('76 00 38 00 01 00'), 'the first question was never heard');
});

t.test('corrupt: bytes of the picture, not of the answers around it', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  await port.ask('56 00 36 01 00', 5);
  const read = '56 00 32 0C 00 0A 00 00 00 00 00 00 04 00 00 0A';
  const good = await port.ask(read, 1_034);
  home.cameraFault('porch', { fault: 'corrupt', bytes: 3 });
  const bad = await port.ask(read, 1_034);
  t.strictSame(bad.slice(0, 5), hex('76 00 32 00 00'));
  t.strictSame(bad.slice(-5), hex('76 00 32 00 00'));
  const wrong = bad.filter((byte, i) => byte !== good[i]).length;
  t.ok(wrong >= 1 && wrong <= 3);
  home.cameraFault('porch', { fault: 'corrupt', active: false });
  t.strictSame(await port.ask(read, 1_034), good, 'the frame itself is whole');
});

t.test('slow: answers come late', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  home.cameraFault('porch', { fault: 'slow', lateMs: 400 });
  const beganMs = lineNowMs();
  await port.ask('56 00 11 00', 16);
  t.ok(lineNowMs() - beganMs >= 399);
});

t.test('cut: so many bytes more, then none, whatever is asked', options, async (t) => {
  const { home, open } = await wired(t);
  const port = await open();
  await port.ask('56 00 36 01 00', 5);
  home.cameraFault('porch', { fault: 'cut', afterBytes: 500 });
  await port.ask('56 00 32 0C 00 0A 00 00 00 00 00 00 04 00 00 0A', 500);
  port.port.write(hex('56 00 11 00'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.equal(port.heard.length, 0);
  home.cameraFault('porch', { fault: 'cut', active: false });
  t.strictSame(await port.ask('56 00 38 00', 6), hex('76 00 38 00 01 00'));
});

t.test('unplug: the port is gone; plugged in again it says who it is and holds no frame', options, async (t) => {
  const { home, open, path } = await wired(t);
  const port = await open();
  await port.ask('56 00 36 01 00', 5);
  const closed = new Promise<void>((resolve) => port.port.once('close', () => resolve()));
  // The driver has to wait for bytes before the line hangs up; else the serialport package reads nothing for ever.
  const { poller } = port.port.port as unknown as { poller: { listenerCount(name: string): number } };
  await until('the driver waits', () => poller.listenerCount('readable') > 0);
  home.cameraFault('porch', { fault: 'unplug' });
  await closed;
  t.equal(existsSync(path), false);
  home.cameraFault('porch', { fault: 'unplug', active: false });
  const again = await open();
  await until('it has started', () => Buffer.from(again.heard).toString('latin1').endsWith('Init end\r\n'));
  again.heard.length = 0;
  t.strictSame(await again.ask('56 00 34 01 00', 9), hex('76 00 34 00 04 00 00 00 00'));
});
