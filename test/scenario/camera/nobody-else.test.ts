import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CryptoKey, importJWK, importPKCS8 } from 'jose';
import t from 'tap';
import { Watcher } from '../../../hardware-sim/people/watcher.ts';
import { peek } from '../../../wire/jws.ts';
import { documentIn, readMedia } from '../../../wire/media.ts';
import { openSealed } from '../../../wire/seal.ts';
import { videoKeyForm } from '../../../wire/video.ts';
import { openRig } from '../../support/rig.ts';
import { streamOf, untilRelayed } from '../../support/rig-film.ts';
import { until } from '../../support/until.ts';

const rig = await openRig(t, { doors: [{ name: 'front', camera: 'jpeg' }], camera: 'recorded' });
const pictures: Uint8Array[] = [];
const watcher = await Watcher.open({
  owner: rig.owner,
  door: rig.door().id,
  onPicture: ({ picture }) => pictures.push(picture),
});
const errand = await rig.deliver('open');
// However slow the machine is: the door stands open until enough was seen.
await until('the owner sees the visit', () => pictures.length > 20);
await errand.to('ended');
const stream = streamOf(rig, errand.id)!;
await untilRelayed(rig, stream);
watcher.close();

/** Everything that the attacker has: each file of cloud and broker. */
const files = readdirSync(rig.folders.cloud, { recursive: true, encoding: 'utf8' })
  .map((name) => join(rig.folders.cloud, name))
  .filter((path) => statSync(path).isFile())
  .map((path) => ({ path, bytes: readFileSync(path) }));

const holds = (needle: Uint8Array): string[] =>
  files.filter(({ bytes }) => bytes.includes(Buffer.from(needle))).map(({ path }) => path);

/** The key message of the stream, as it lies at the relay. */
function keyDocument(): string {
  for (const { path, bytes } of files) {
    if (!path.endsWith(`${stream}.rec`)) continue;
    const message = readMedia(bytes.subarray(4, 4 + bytes.readUInt32BE(0)));
    if (message.ok) return documentIn(message.value);
  }
  return '';
}

t.test('T36 R10: whoever has broker, cloud, its database and its disk has no picture', async (t) => {
  t.ok(files.length > 10, `${files.length} files`);
  t.ok(
    files.some(({ path }) => path.endsWith(`${stream}.rec`)),
    'the recording is among them',
  );
  // The first bytes of every JPEG are the same; the middle is this picture's own.
  const found = pictures.flatMap((picture) => {
    const middle = Math.floor(picture.length / 2);
    return [picture.subarray(0, 24), picture.subarray(middle, middle + 24)].flatMap((part) => holds(part));
  });
  t.strictSame(found, [], `no part of ${pictures.length} pictures is in any file`);
});

t.test('T36 R10: nor a key: neither the one of the pictures, nor one that opens it', async (t) => {
  const document = keyDocument();
  const claims = peek(videoKeyForm, document);
  if (!claims.ok) return t.fail(claims.code);
  const { sealed } = claims.value.claims;
  const key = Buffer.from(await openSealed(sealed, rig.owner.keys.seal.privateKey));
  t.equal(key.length, 32, 'the owner can open it');
  for (const form of ['latin1', 'hex', 'base64', 'base64url'] as const) {
    const needle = Buffer.from(key.toString(form), form === 'latin1' ? 'latin1' : 'utf8');
    t.strictSame(holds(needle), [], form);
  }
  const tried = await tryAll(sealed);
  t.ok(tried.keys > 2, `${tried.keys} private keys lie in the cloud's folder`);
  t.equal(tried.opened, 0, 'and none of them opens it');
});

/** Tries every private key that lies in any file of the cloud, as it is and as a key for sealing. */
async function tryAll(sealed: string): Promise<{ keys: number; opened: number }> {
  let keys = 0;
  let opened = 0;
  for (const { bytes } of files) {
    const text = bytes.toString('latin1');
    const pems = [...text.matchAll(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g)].map(([pem]) => pem);
    const jwks = [...text.matchAll(/\{[^{}]*"d":[^{}]*\}/g)].map(([jwk]) => jwk);
    for (const one of [...pems, ...jwks]) {
      keys += 1;
      try {
        const imported = one.startsWith('-----')
          ? await importPKCS8(one, 'ECDH-ES+A256KW')
          : await importJWK(JSON.parse(one), 'ECDH-ES+A256KW');
        await openSealed(sealed, imported as CryptoKey);
        opened += 1;
      } catch {
        // another curve, another key: not this one
      }
    }
  }
  return { keys, opened };
}

t.test('T36: carrier, courier and operator get neither a list nor a recording nor a ticket', async (t) => {
  const { home } = rig.owner.pinned;
  const paths = [`/v1/homes/${home}/recordings`, `/v1/homes/${home}/recordings/${stream}`];
  const asking: [string, Record<string, string>][] = [
    ['nobody', {}],
    ['the operator', { authorization: `Bearer ${rig.operatorToken}` }],
    ['the carrier', { authorization: `Bearer ${rig.carrier.clientSecret}` }],
  ];
  for (const [who, headers] of asking) {
    for (const path of paths) {
      const { status } = await fetch(new URL(path, rig.world.base), { headers });
      t.ok(status === 401 || status === 404, `${who}: ${status}`);
    }
    const ticket = await fetch(new URL(`/v1/homes/${home}/live-tickets`, rig.world.base), { method: 'POST', headers });
    t.ok(ticket.status >= 400, `${who} gets no ticket: ${ticket.status}`);
  }
});
