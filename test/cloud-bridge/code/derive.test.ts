/** S003: six digits, of a length that can be set; DESIGN 10: derived with a key, without bias. */
import { webcrypto } from 'node:crypto';
import t from 'tap';
import { type CodeFor, deriveCode } from '../../../cloud-bridge/code/derive.ts';
import { createCodeKey, readCodeKey } from '../../../cloud-bridge/code/key.ts';

const key = Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 5) % 256);

/** The rule of `derive.ts` once more, by other means: WebCrypto, DataView and BigInt over text in hexadecimal. */
async function byHand({ scope, attempt, holder }: CodeFor, digits: number, skip: string[] = []): Promise<string> {
  const hex = (n: number): string => n.toString(16).padStart(8, '0');
  const toHex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const fields = ['doorward hand-over code 1', `${scope.length}`].concat(scope, `${attempt}`, holder);
  const text = fields
    .map((one) => toHex(new TextEncoder().encode(one)))
    .map((one) => hex(one.length / 2) + one)
    .join('');
  const mac = await webcrypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const range = 10n ** BigInt(digits);
  for (let counter = 0; ; counter += 1) {
    const message = Uint8Array.from(`${text}${hex(counter)}`.match(/../g)!, (byte) => Number.parseInt(byte, 16));
    const block = toHex(new Uint8Array(await webcrypto.subtle.sign('HMAC', mac, message)));
    for (const word of block.match(/.{8}/g)!) {
      const n = BigInt(`0x${word}`);
      if (n >= (0x1_0000_0000n / range) * range) continue;
      const code = `${n % range}`.padStart(digits, '0');
      if (!skip.includes(code)) return code;
    }
  }
}

t.test('codes are what an independent implementation makes of the same rule', async (t) => {
  const holders = ['a', 'Ünïcode ✓', '', 'x'.repeat(300)];
  let same = 0;
  for (let at = 0; at < 400; at += 1) {
    const scope = at % 2 === 0 ? ['delivery', `d${at}`] : ['order', 'hermes', `o${at}`, 'home', '2026-03-29'];
    const what = { scope, attempt: 1 + (at % 5), holder: holders[at % 4]! };
    const digits = 6 + (at % 4);
    const code = deriveCode(key, what, digits);
    const next = deriveCode(key, what, digits, new Set([code]));
    const [first, second] = [await byHand(what, digits), await byHand(what, digits, [code])];
    if (code === first && next === second && code !== next && /^\d+$/.test(code) && code.length === digits) same += 1;
  }
  t.equal(same, 400, 'the first one, and the one that is taken when that is spent');
});

t.test('what is joined cannot be read in two ways', async (t) => {
  const codes = [
    { scope: ['a', 'b'], attempt: 1, holder: 'c' },
    { scope: ['ab'], attempt: 1, holder: 'c' },
    { scope: ['a', 'b', '1'], attempt: 1, holder: 'c' },
    { scope: ['a'], attempt: 1, holder: 'bc' },
    { scope: ['a', 'b'], attempt: 11, holder: 'c' },
    { scope: ['a', 'b'], attempt: 1, holder: '1c' },
  ].map((what) => deriveCode(key, what, 9));
  t.equal(new Set(codes).size, codes.length);
});

t.test('every code is as likely as any other', async (t) => {
  // Of 2^32 words the last 967,296 would make the codes below 967296 likelier by one in 4,294: they are left out.
  const count = 60_000;
  const [places, first] = [
    Array.from({ length: 6 }, () => new Array<number>(10).fill(0)),
    new Array<number>(100).fill(0),
  ];
  for (let at = 0; at < count; at += 1) {
    const code = deriveCode(key, { scope: ['delivery', String(at)], attempt: 1, holder: 'h' }, 6);
    for (const [place, digit] of [...code].entries()) places[place]![Number(digit)]! += 1;
    first[Number(code.slice(0, 2))]! += 1;
  }
  const chi = (counts: number[]): number =>
    counts.reduce((sum, seen) => sum + (seen - count / counts.length) ** 2 / (count / counts.length), 0);
  // Fixed key, fixed numbers: this is the same at every run. p = 0.001 for 9 and for 99 degrees of freedom.
  for (const place of places) t.ok(chi(place) < 27.9, `a place of the code: ${chi(place)}`);
  t.ok(chi(first) < 148.3, `its first two digits: ${chi(first)}`);
});

t.test('a key is 32 bytes in a file of its own, each time another', async (t) => {
  const text = createCodeKey();
  t.equal(readCodeKey(`${text}\n`, 'code.key').length, 32);
  t.not(createCodeKey(), text);
  for (const bad of ['', text.slice(1), `${text}A`, `${text} `]) {
    t.throws(() => readCodeKey(bad, 'code.key'), { code: 'CONFIG_INVALID' });
  }
  const what = { scope: ['delivery', 'd'], attempt: 1, holder: 'h' };
  t.not(deriveCode(readCodeKey(text, ''), what, 9), deriveCode(key, what, 9), 'nothing comes without the key');
});
