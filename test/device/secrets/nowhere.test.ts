/** What the hub wrote in a whole delivery holds none of its secrets, in no spelling. */
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readEnrolment } from '../../../device/enrol/identity.ts';
import { exportJournal } from '../../../device/journal/export.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { ownFolder } from '../../../device/secrets/own-folder.ts';
import { openSealed } from '../../../device/secrets/seal.ts';
import { toSignKey } from '../../../wire/jws.ts';
import { openRig, type Rig } from '../../support/rig.ts';

/** The private part of each secret, as bytes. */
function bytesOf(name: string, secret: Uint8Array): Buffer[] {
  const all = Buffer.from(secret);
  if (name === 'tls-key') {
    const { d } = createPrivateKey(all.toString()).export({ format: 'jwk' });
    return [Buffer.from(d!, 'base64url'), all];
  }
  if (name === 'nuki') return [Buffer.from(JSON.parse(all.toString()).key, 'hex'), all];
  if (name === 'sign-key' || name === 'seal-key') return [Buffer.from(JSON.parse(all.toString()).d, 'base64url'), all];
  return [all];
}

/** Without the address of the peripheral. */
const plainName = (name: string): string => name.replace(/^osdp-.*-/, 'osdp-').replace(/^nuki-.*/, 'nuki');

/** As it may stand in a text: raw, hexadecimal, Base64 and base64url, wherever it begins in what was encoded. */
function spellings(secret: Buffer): Buffer[] {
  const hex = secret.toString('hex');
  const encoded = [0, 1, 2].flatMap((before) => {
    // The characters that its neighbours share in are left out.
    const whole = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
    const own = whole.slice(before === 0 ? 0 : 4, whole.length - 4);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [secret, ...[hex, hex.toUpperCase(), ...encoded].map((text) => Buffer.from(text, 'latin1'))];
}

const holds = (where: Buffer, secrets: ReadonlyMap<string, Buffer[]>): string[] =>
  [...secrets].filter(([, forms]) => forms.some((form) => where.includes(form))).map(([name]) => name);

const tlsAndOwn = ['seal-key', 'sign-key', 'tls-key'];

t.test('no secret of the hub stands in its files, log, journal, export or status after a delivery', async (t) => {
  const rig = await openRig(t, { camera: 'recorded', doors: [{ name: 'front', camera: 'jpeg' }] });
  const looked = await lookAll(t, rig, ['osdp-current', ...tlsAndOwn]);
  t.ok(
    looked.some((name) => name.startsWith('recordings')),
    'recordings too',
  );
});

t.test('nor does the key of a Nuki lock', async (t) => {
  await lookAll(t, await openRig(t, { doors: [{ name: 'front', holds: 'nuki' }] }), ['nuki', ...tlsAndOwn]);
});

/** Plays a delivery, then looks for each secret, in all spellings, wherever the hub wrote. @returns what was looked at */
async function lookAll(t: Test, rig: Rig, named: readonly string[]): Promise<readonly string[]> {
  t.match(await (await rig.deliver('ended')).end(), { outcome: 'completed', proof: 'secured' });
  t.equal(rig.hub.status().secrets, 'file');

  const folder = ownFolder(join(rig.folders.hub, 'secrets'));
  const key = (await folder.read('key'))!;
  const kept = openSealed((await folder.read('sealed'))!, key);
  const all = new Map([...kept].map(([name, bytes]) => [plainName(name), bytes]));
  t.same([...all.keys()].sort(), named);
  const secrets = new Map([...all].map(([name, bytes]) => [name, bytesOf(name, bytes).flatMap(spellings)]));
  secrets.set('the key of them all', spellings(Buffer.from(key)));
  for (const [name, bytes] of all) {
    for (const plain of bytesOf(name, bytes)) {
      const texts = [
        plain,
        ...(['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(plain.toString(form))),
      ];
      const shifted = Buffer.from(Buffer.concat([Buffer.from('{'), plain, Buffer.from('}')]).toString('base64'));
      for (const text of [...texts, shifted]) t.same(holds(text, secrets), [name], `${name} would be found`);
    }
  }

  const looked: string[] = [];
  const look = (what: string, content: Buffer): void => {
    looked.push(what);
    t.same(holds(content, secrets), [], what);
  };
  const files = readdirSync(rig.folders.hub, { recursive: true, encoding: 'utf8' });
  for (const name of files) {
    const path = join(rig.folders.hub, name);
    if (statSync(path).isFile() && name !== join('secrets', 'key')) look(name, readFileSync(path));
  }
  look('log', Buffer.from(JSON.stringify(rig.machine.lines)));
  look('status', Buffer.from(JSON.stringify(rig.hub.status())));
  look('journal', Buffer.from(rig.hubJournal().join('\n')));
  look("the cloud's journal", Buffer.from((await rig.cloudJournal()).join('\n')));

  const { hub } = readEnrolment(rig.folders.hub)!;
  const store = openHubStore(join(rig.folders.hub, 'journal.db'), hub, { readonly: true });
  const signKey = await toSignKey(JSON.parse(Buffer.from(all.get('sign-key')!).toString()));
  const lines: string[] = [];
  for await (const line of exportJournal(store, { key: signKey, now: () => rig.time.now() })) lines.push(line);
  store.close();
  t.ok(lines.length > 10);
  look('export', Buffer.from(lines.join('\n')));

  const expected = ['enrolment.json', 'journal.db', join('secrets', 'sealed'), 'log', 'export'];
  for (const name of expected) t.ok(looked.includes(name), `${name} was looked at`);
  return looked;
}
