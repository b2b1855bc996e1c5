import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import t from 'tap';
import type { Camera, CameraEvent } from '../../../../device/camera/camera.ts';
import { commands } from '../../../../device/camera/vc0706/codec.ts';
import { vc0706Camera } from '../../../../device/camera/vc0706/driver.ts';
import { encodeFrame, findAnswer } from '../../../../device/camera/vc0706/frame.ts';
import { systemClock } from '../../../../device/clock/clock.ts';
import type { Link } from '../../../../device/link/link.ts';
import { Fault } from '../../../../wire/faults.ts';
import { codeOf } from '../../../support/code-of.ts';
import { until } from '../../../support/until.ts';
import { grayJpeg } from '../jpegs.ts';

const file = resolve(import.meta.dirname, '../../../vectors/camera/vc0706.json');
const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Record<string, Record<string, string>> };
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hexOf = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const vector = (name: string, key = 'camera'): Uint8Array => bytes(exchanges[name]![key]!);
const hostHex = (name: string): string => hexOf(bytes(exchanges[name]!.host!));

t.test('commands are the bytes of the manual', async (t) => {
  const cases = {
    version: commands.version,
    reset: commands.reset,
    'read size': commands.readSize,
    'store size 320x240': commands.storeSize('320x240'),
    'store size 640x480': commands.storeSize('640x480'),
    'store size 160x120': commands.storeSize('160x120'),
    'compression 36': commands.setCompression(0x36),
    freeze: commands.freeze,
    resume: commands.resume,
    length: commands.length,
    'read 0 8192': commands.read(0, 8192),
    'read 8192 808': commands.read(8192, 808),
  };
  for (const [name, { code, data }] of Object.entries(cases)) {
    t.equal(hexOf(encodeFrame(code, data)), hostHex(name), name);
  }
});

t.test('an answer is found behind text, noise and the answers to others', async (t) => {
  const noise = Buffer.concat([Buffer.from('Init end\r\nv\x76\x00'), vector('freeze'), vector('version')]);
  const found = findAnswer(noise, 0x11);
  t.equal(Buffer.from(found!.answer.data).toString(), 'VC0703 1.00');
  t.equal(found!.used, noise.length);
  for (let end = 0; end < noise.length; end += 1) t.equal(findAnswer(noise.subarray(0, end), 0x11), undefined);
  t.match(findAnswer(vector('refused'), 0x36)?.answer, { status: 4 });
});

/** A camera on paper: answers with the bytes of the manual, and fails as it is told. */
class PaperCamera implements Link {
  readonly heard: string[] = [];
  picture: Uint8Array;
  size = 0x11;
  /** Called before each answer; gives what is to be sent instead. */
  spoil: (heard: string, answer: Uint8Array) => Uint8Array = (_, answer) => answer;
  #isFrozen = false;
  #isClosed = false;
  #listener: (chunk: Uint8Array) => void = () => undefined;
  #onClose: () => void = () => undefined;

  constructor(picture: Uint8Array) {
    this.picture = picture;
  }

  async write(data: Uint8Array): Promise<void> {
    if (this.#isClosed) throw new Fault('LINK_CLOSED');
    const heard = hexOf(data);
    this.heard.push(heard);
    const answer = this.spoil(heard, this.#answer(heard, data));
    // In two pieces: an answer is cut anywhere.
    setImmediate(() => {
      const half = answer.length >> 1;
      for (const piece of [answer.subarray(0, half), answer.subarray(half)]) {
        if (piece.length > 0 && !this.#isClosed) this.#listener(piece);
      }
    });
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    const before = this.#onClose;
    this.#onClose = () => {
      before();
      listener();
    };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  #answer(heard: string, data: Uint8Array): Uint8Array {
    if (heard === hostHex('version')) return vector('version');
    if (heard === hostHex('read size')) return Uint8Array.of(0x76, 0, 0x30, 0, 1, this.size);
    if (heard === hostHex('reset')) {
      return Buffer.concat([vector('reset'), Buffer.from(exchanges.reset!.text!)]);
    }
    if (heard === hostHex('freeze') || heard === hostHex('resume')) {
      this.#isFrozen = heard === hostHex('freeze');
      return vector('freeze');
    }
    if (heard === hostHex('length')) {
      const length = this.#isFrozen ? this.picture.length : 0;
      return Uint8Array.of(0x76, 0, 0x34, 0, 4, 0, 0, length >> 8, length & 255);
    }
    if (heard.startsWith('5600320c')) {
      const [from, count] = [10, 14].map((at) => Buffer.from(data).readUInt32BE(at - 4));
      const part = this.picture.subarray(from, from! + count!);
      return Buffer.concat([vector('read 0 8192'), part, vector('read 0 8192')]);
    }
    if (data[2] === 0x31) {
      if (data[3] === 5 && data[4] === 4) this.size = data[8]!;
      return vector('freeze').map((byte, at) => (at === 2 ? 0x31 : byte));
    }
    return Uint8Array.of(0x76, 0, data[2]!, 1, 0);
  }
}

/** A JPEG of some size, with `76 00 32 00 00` in the middle of its picture data, and zeros behind it. */
function largeJpeg(length: number): Uint8Array {
  const small = grayJpeg(7);
  const whole = new Uint8Array(length);
  whole.set(small.subarray(0, -2));
  whole.fill(0x55, small.length - 2, length - 5);
  whole.set(vector('read 0 8192'), length >> 1);
  whole.set([0xff, 0xd9, 0, 0, 0], length - 5);
  return whole;
}

interface Bench {
  readonly camera: Camera;
  readonly paper: PaperCamera[];
  readonly events: CameraEvent[];
}

function bench(t: { teardown(end: () => Promise<void>): void }, prepare: (paper: PaperCamera) => void): Bench {
  const paper: PaperCamera[] = [];
  const events: CameraEvent[] = [];
  const camera = vc0706Camera({
    openLink: async () => {
      const one = new PaperCamera(largeJpeg(12_345));
      prepare(one);
      paper.push(one);
      return one;
    },
    clock: systemClock,
    size: '320x240',
    compression: 0x36,
    random: () => 0,
    onEvent: (event) => void events.push(event),
  });
  t.teardown(() => camera.stop());
  return { camera, paper, events };
}

t.test('a still: reset, size, compression, then resume, freeze, length, parts, resume', async (t) => {
  const { camera, paper } = bench(t, () => undefined);
  camera.start();
  const picture = await camera.snapshot();
  const [one] = paper;
  t.equal(Buffer.compare(picture, one!.picture.subarray(0, -3)), 0, 'without the zeros behind its end');
  t.same(one!.heard, [
    ...['reset', 'version', 'read size', 'compression 36', 'resume', 'freeze', 'length', 'read 0 8192'].map(hostHex),
    hexOf(bytes('5600320c 000a 00002000 00001039 000a')),
    hostHex('resume'),
  ]);
  t.match(camera.health(), { at: 'running', frameBytes: picture.length });
});

t.test('a size that differs is stored once, and counts after a reset', async (t) => {
  const { camera, paper } = bench(t, (one) => {
    one.size = 0x00;
  });
  camera.start();
  await camera.snapshot();
  const at = paper[0]!.heard.indexOf(hostHex('store size 320x240'));
  t.equal(paper[0]!.heard[at + 1], hostHex('reset'));
  t.equal(paper[0]!.heard.filter((heard) => heard === hostHex('store size 320x240')).length, 1);
});

t.test('lost bytes, a lost trailer, a lost answer: the part is read again, and the picture is whole', async (t) => {
  const spoils: Record<string, (answer: Uint8Array) => Uint8Array> = {
    'bytes of the picture are lost': (answer) => Buffer.concat([answer.subarray(0, 500), answer.subarray(620)]),
    'the trailer is lost': (answer) => answer.subarray(0, -5),
    'the whole answer is lost': () => new Uint8Array(0),
  };
  for (const [says, spoil] of Object.entries(spoils)) {
    let left = 1;
    const { camera, paper, events } = bench(t, (one) => {
      one.spoil = (heard, answer) => {
        if (!heard.startsWith('5600320c') || left === 0) return answer;
        left -= 1;
        return spoil(answer);
      };
    });
    camera.start();
    const picture = await camera.snapshot();
    t.equal(Buffer.compare(picture, paper[0]!.picture.subarray(0, -3)), 0, says);
    t.equal(paper[0]!.heard.filter((heard) => heard.startsWith('5600320c')).length, 3);
    t.same(events, []);
  }
});

t.test('what is no whole picture is taken once more, then refused by name', async (t) => {
  const { camera, paper, events } = bench(t, (one) => {
    one.picture = new Uint8Array(5000).fill(0x55);
  });
  camera.start();
  t.equal(await codeOf(camera.snapshot()), 'CAMERA_UNREADABLE');
  t.equal(paper[0]!.heard.filter((heard) => heard === hostHex('freeze')).length, 2);
  t.match(events, [{ code: 'CAMERA_UNREADABLE' }]);
});

t.test('a camera that is silent or refuses: named, hung up, and reset after a pause', async (t) => {
  const cases: [string, (heard: string, answer: Uint8Array) => Uint8Array][] = [
    ['CAMERA_SILENT', () => new Uint8Array(0)],
    ['CAMERA_REFUSED', (heard, answer) => (heard === hostHex('freeze') ? vector('refused') : answer)],
  ];
  for (const [code, spoil] of cases) {
    let isSpoilt = true;
    const { camera, paper, events } = bench(t, (one) => {
      one.spoil = (heard, answer) => (isSpoilt ? spoil(heard, answer) : answer);
    });
    camera.start();
    t.equal(await codeOf(camera.snapshot()), code);
    t.equal(events[0]?.code, code);
    t.equal(paper[0]!.isClosed, true);
    isSpoilt = false;
    await until('it is back', () => camera.health().at === 'running');
    t.equal(paper.at(-1)!.heard[0], hostHex('reset'));
    t.equal(await codeOf(camera.snapshot()), 'done');
  }
});

t.test('stills that are asked for together are taken one after another; after stop none is', async (t) => {
  const { camera, paper } = bench(t, () => undefined);
  camera.start();
  const stills = await Promise.all([camera.snapshot(), camera.snapshot(), camera.snapshot()]);
  t.equal(stills.length, 3);
  t.equal(paper[0]!.heard.filter((heard) => heard === hostHex('freeze')).length, 3);
  const wanted = codeOf(camera.snapshot());
  await camera.stop();
  t.equal(await wanted, 'CAMERA_NOT_LIVE');
  t.equal(paper[0]!.isClosed, true);
});
