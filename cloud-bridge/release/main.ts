#!/usr/bin/env node
/**
 * `npm run release:pages -- key|sign`: the ceremony of the release key. It happens where releases are made, never on a server;
 * `doorward-cloud` has no part in it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jack } from 'jackspeak';
import { Fault, faults } from '../../wire/faults.ts';
import { makeReleaseKey, readReleaseKey } from './key.ts';
import { signRelease } from './manifest.ts';

const flags = jack({ usage: 'npm run release:pages -- key|sign --key FILE [flags]' })
  .description('key: makes a release key. sign: signs what the built pages are, for servers to put up beside them.')
  .opt({
    key: { hint: 'file', description: 'The private release key.' },
    folder: { hint: 'dir', description: 'The built pages; else those of this tree.' },
    out: { hint: 'file', description: 'Where the manifest goes; else pages.jws in that folder.' },
  })
  .num({
    number: { hint: 'n', description: 'Version, above that of every release before; else the time, in seconds.' },
    days: { hint: 'n', description: 'How long the manifest counts, 1 to 400 days; else 90.' },
  })
  .flag({ json: { description: 'Answer in JSON.' }, help: { short: 'h', description: 'Show this.' } });

/** From sources and from the build alike. */
const root = resolve(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../..' : '../../..');
const builtHere = join(root, 'dist/cloud-bridge/pages');
const product = (): string => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

function read(argv: string[]) {
  try {
    return flags.parseRaw(argv);
  } catch (cause) {
    throw new Fault('USAGE', { why: cause instanceof Error ? cause.message.split('\n')[0]! : 'flags' }, { cause });
  }
}

async function main(argv: string[]): Promise<void> {
  const { values, positionals } = read(argv);
  if (values.help) return void process.stdout.write(`${flags.usage()}\n`);
  const answer = (text: string, json: object): void =>
    void process.stdout.write(`${values.json ? JSON.stringify({ ok: true, ...json }) : text}\n`);
  const [act, ...others] = positionals;
  const { key: keyFile, days = 90 } = values;
  if (keyFile === undefined || others.length > 0) throw new Fault('USAGE', { why: 'key or sign, with --key FILE' });
  if (act === 'key') {
    const { jwk, kid } = await makeReleaseKey(keyFile);
    const text = `The release key is in ${keyFile}: keep it offline. Hubs are given its public half:\n${jwk.x}`;
    return answer(text, { key: jwk.x, kid });
  }
  if (act !== 'sign') throw new Fault('USAGE', { why: 'key or sign' });
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new Fault('USAGE', { why: '--days is 1 to 400' });
  const nowS = Math.floor(Date.now() / 1000);
  const folder = resolve(values.folder ?? builtHere);
  const out = resolve(values.out ?? join(folder, 'pages.jws'));
  const version = values.number ?? nowS;
  const jws = await signRelease({ folder, version, product: product(), nowS, days }, await readReleaseKey(keyFile));
  writeFileSync(out, jws);
  answer(`Signed release ${version} for ${days} days: ${out}`, { version, out });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { says, exit } = faults[fault.code];
  process.stderr.write(`release: ${says} [${fault.code}] ${JSON.stringify(fault.detail)}\n`);
  process.exitCode = exit;
}
