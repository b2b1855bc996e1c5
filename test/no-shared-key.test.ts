/** No secret ships with Doorward: whatever stands in its files stands in everybody's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';

const root = resolve(import.meta.dirname, '..');
const shipped = ['wire', 'device', 'broker', 'cloud-bridge', 'hardware-sim'];

/** Texts that could be a key: PEM, the private half of a JWK, 16 bytes or more as hexadecimal, 32 or more as Base64, or as a list. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]/g,
  /['"]?\bd['"]?:\s*['"][A-Za-z0-9_-]{20,}/g,
  /(?<![0-9a-fA-F])[0-9a-fA-F]{32,}(?![0-9a-fA-F])/g,
  /(?<=['"`])[A-Za-z0-9+/_-]{43,}={0,2}(?=['"`])/g,
  /\[\s*(?:0x[0-9a-fA-F]{1,2}\s*,\s*){15,}0x[0-9a-fA-F]{1,2}\s*,?\s*\]/g,
];

/** What has such a shape and is none. */
const known: Readonly<Record<string, string>> = {
  'cloud-bridge/sandbox/hub-key.ts 302e020100300506032b657004220420':
    'how PKCS #8 begins with any Ed25519 key, up to its 32 bytes',
  'device/lock/nuki/scan.ts a92ee000550111e4916c0800200c9a66': 'the service that a Nuki fresh from the factory names',
  'wire/media.ts ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_': 'the alphabet of base64url',
};

function suspects(name: string, text: string): string[] {
  return shapes.flatMap((shape) => [...text.matchAll(shape)].map(([found]) => `${name} ${found.slice(0, 64)}`));
}

const files = shipped.flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((one) => one.isFile() && !/\.(png|ico|woff2?)$/.test(one.name))
    .map((one) => join(one.parentPath, one.name)),
);

t.test('T10: nothing in what ships has the shape of a key that all would share', (t) => {
  t.ok(files.length > 300, `${files.length} files`);
  const found = files.flatMap((path) => suspects(path.slice(root.length + 1), readFileSync(path, 'latin1')));
  t.same(
    [...new Set(found)].filter((one) => known[one] === undefined),
    [],
  );
  t.same(
    Object.keys(known).filter((one) => !found.includes(one)),
    [],
    'and what is known to be none is still there',
  );
  t.end();
});

t.test('T10: a key in any of these shapes would be found', (t) => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 73 + 11) % 256));
  const list = [...bytes.subarray(0, 16)].map((byte) => `0x${byte.toString(16)}`).join(', ');
  for (const text of [
    `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64')}`,
    `{ kty: 'OKP', d: '${bytes.toString('base64url')}' }`,
    `const key = '${bytes.subarray(0, 16).toString('hex')}'`,
    `const key = "${bytes.toString('base64')}"`,
    `Uint8Array.from([${list}])`,
  ])
    t.ok(suspects('x.ts', text).length > 0, text.slice(0, 30));
  t.end();
});
