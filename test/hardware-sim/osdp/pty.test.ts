import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import t from 'tap';
import { startSimHome } from '../../../hardware-sim/home.ts';
import { byteMsAt, lineNowMs } from '../../../hardware-sim/line/pace.ts';
import { openPty } from '../../../hardware-sim/line/pty.ts';
import { commandCodes as ask } from '../../../hardware-sim/osdp/codec.ts';
import { Controller } from './controller.ts';
import { hex, plain } from './golden.ts';

/** The port as the hub opens it, and all that came out of it so far. */
async function openPort(path: string) {
  const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  const heard: number[] = [];
  const waiting = new Set<() => void>();
  port.on('data', (chunk: Buffer) => {
    heard.push(...chunk);
    for (const check of waiting) check();
  });
  /** Resolves with the next `count` bytes. */
  const take = (count: number): Promise<Uint8Array> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (heard.length < count) return;
        waiting.delete(check);
        resolve(Uint8Array.from(heard.splice(0, count)));
      };
      waiting.add(check);
      check();
    });
  const close = (): Promise<void> => new Promise((resolve) => port.close(() => resolve()));
  return { port, take, close };
}

/**
 * Resolves once the driver has read all there was and waits for more. A hang-up that comes before that makes the
 * serialport package read zero bytes for ever; whoever ships it has to guard against that.
 */
async function waitsForBytes(port: SerialPort): Promise<void> {
  const { poller } = port.port as unknown as { poller: EventEmitter };
  while (poller.listenerCount('readable') === 0) await new Promise<void>((resolve) => setImmediate(resolve));
}

const doors = [{ id: 'front', output: 0, contactInput: 0, monitorInput: 1 }];

t.test('every byte value passes both ways, and again after the port was closed and opened', async (t) => {
  const path = join(t.testdir(), 'bus.tty');
  const pty = openPty(path);
  t.teardown(() => pty.close());
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const received: number[] = [];
  let done = (): void => {};
  pty.onData((chunk) => {
    received.push(...chunk);
    if (received.length % 256 === 0) done();
  });
  for (let round = 1; round <= 2; round++) {
    const { port, take, close } = await openPort(path);
    const arrived = new Promise<void>((resolve) => {
      done = resolve;
    });
    port.write(all);
    await arrived;
    t.strictSame(received.splice(0), [...all], `to the simulator, round ${round}`);
    pty.write(all);
    t.strictSame(await take(256), all, `to the hub, round ${round}`);
    await close();
  }
});

t.test('the real serial driver gets the published bytes', async (t) => {
  const path = join(t.testdir(), 'deep', 'bus.tty');
  const home = startSimHome({ lines: [{ id: 'bus', path, paced: false, peripherals: [{ address: 0, doors }] }] });
  t.teardown(() => home.close());
  const { port, take, close } = await openPort(path);
  port.write(hex('FF'));
  port.write(plain.poll);
  t.strictSame(await take(8), plain.ack);
  await close();
});

t.test('a session over the port opens the strike, and again after the hub came back', async (t) => {
  const path = join(t.testdir(), 'bus.tty');
  const keyHex = '000102030405060708090a0b0c0d0e0f';
  const peripherals = [{ address: 0, keyHex, doors }];
  const home = startSimHome({ lines: [{ id: 'bus', path, paced: false, peripherals }] });
  t.teardown(() => home.close());
  for (let round = 1; round <= 2; round++) {
    const { port, take, close } = await openPort(path);
    const cp = new Controller(async (command) => {
      port.write(command);
      const head = await take(4);
      const rest = await take((head[2]! | (head[3]! << 8)) - 4);
      return Uint8Array.of(...head, ...rest);
    });
    t.match(await cp.handshake(hex(keyHex)), { status: 1 });
    t.match(await cp.ask(ask.output, [0, 5, 1, 0]), { code: 0x40, securityType: 0x16 });
    t.equal(home.door('front').truth().strikes, round);
    await new Promise<void>((resolve) => {
      const stop = home.events.onEvent((event) => {
        if (event.on !== 'strike.released') return;
        stop();
        resolve();
      });
    });
    await close();
  }
});

t.test('at 9600 baud nothing is answered before the command and the reply have had their time', async (t) => {
  const path = join(t.testdir(), 'bus.tty');
  const home = startSimHome({ lines: [{ id: 'bus', path, peripherals: [{ address: 1, doors }] }] });
  t.teardown(() => home.close());
  const { port, take, close } = await openPort(path);
  const byteMs = byteMsAt(9600);
  port.write(hex('53 01 07 00 00 60 45'));
  t.strictSame(await take(7), hex('53 81 07 00 00 40 E5'));

  const beganMs = lineNowMs();
  port.write(hex('53 01 0C 00 05 68 00 05 32 00 D9 F9'));
  const reply = await take(8);
  const endedMs = lineNowMs();
  t.strictSame(reply, hex('53 81 08 00 05 40 39 35'));
  t.ok(endedMs - beganMs >= (12 + 2 + 8) * byteMs, 'command, idle time and reply');
  const [out] = home.line('bus').outs;
  t.match(out, { n: 1, address: 1, outcome: 'ran' });
  t.ok(out!.firstByteMs >= beganMs);
  t.ok(out!.firstByteMs + (12 + 2 + 8) * byteMs <= endedMs);
  const { exchanges } = home.line('bus');
  t.equal(exchanges.length, 2);
  t.equal(exchanges[1]!.startMs, out!.firstByteMs, 'the line was in use from the first byte of the command');
  t.ok(
    exchanges[1]!.endMs - out!.firstByteMs >= (12 + 2 + 8 + 2) * byteMs,
    'until two idle characters after the reply',
  );
  t.equal(home.line('bus').overlaps, 0);
  await close();
});

t.test('who speaks while a peripheral speaks is counted', async (t) => {
  const path = join(t.testdir(), 'bus.tty');
  const home = startSimHome({ lines: [{ id: 'bus', path, peripherals: [{ address: 0, doors }] }] });
  t.teardown(() => home.close());
  const { port, take, close } = await openPort(path);
  port.write(hex('53 00 09 00 04 61 00 C0 66'));
  await take(1);
  port.write(hex('00'));
  await take(19);
  t.equal(home.line('bus').overlaps, 1);
  await close();
});

t.test('unplug: the hub sees its port close, and finds it again at the same path', async (t) => {
  const path = join(t.testdir(), 'bus.tty');
  const home = startSimHome({ lines: [{ id: 'bus', path, paced: false, peripherals: [{ address: 0, doors }] }] });
  t.teardown(() => home.close());
  const first = await openPort(path);
  const closed = new Promise<void>((resolve) => first.port.once('close', () => resolve()));
  await waitsForBytes(first.port);
  home.lineFault('bus', { fault: 'unplug' });
  await closed;
  t.equal(existsSync(path), false);
  home.lineFault('bus', { fault: 'unplug', active: false });
  const second = await openPort(path);
  second.port.write(plain.poll);
  t.strictSame(await second.take(8), plain.ack);
  await second.close();
});

t.test('a closed home leaves no path behind', async (t) => {
  const path = join(t.testdir(), 'bus.tty');
  const home = startSimHome({ lines: [{ id: 'bus', path, peripherals: [{ address: 0, doors }] }] });
  t.equal(existsSync(path), true);
  home.close();
  t.equal(existsSync(path), false);
});
