import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { type FaultCode, faults } from '../../../wire/faults.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'device/doctor');
const page = ['setup.md', 'doctor.md']
  .map((file) => readFileSync(join(root, 'docs/transcripts', file), 'utf8'))
  .join('\n');
const sources = readdirSync(folder)
  .filter((file) => file !== 'finding.ts')
  .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);

/** What a call is given, split at the commas of its own. @param from  behind its opening bracket */
function argumentsAt(source: string, from: number): string[] {
  const all: string[] = [];
  const open: string[] = [];
  let start = from;
  for (let at = from; at < source.length; at += 1) {
    const [char, inside] = [source[at]!, open.at(-1)];
    if (inside === "'" || inside === '"' || inside === '`') {
      if (char === '\\') at += 1;
      else if (char === inside) open.pop();
      else if (inside === '`' && source.startsWith('${', at)) {
        open.push('{');
        at += 1;
      }
    } else if ('"\'`([{'.includes(char)) open.push(char);
    else if (open.length > 0 && ')]}'.includes(char)) open.pop();
    else if (open.length === 0 && (char === ',' || char === ')')) {
      all.push(source.slice(start, at).trim());
      start = at + 1;
      if (char === ')') break;
    }
  }
  return all.filter((one) => one !== '');
}

/** A text with its holes as a pattern. @returns undefined where it is none */
function patternOf(text: string | undefined): RegExp | undefined {
  if (text === undefined || !/^['`"]/.test(text)) return undefined;
  const parts = text.slice(1, -1).split(/\$\{(?:[^{}`]|`[^`]*`)*\}/);
  const isSaying = parts.join('').trim().length > 3;
  return isSaying ? new RegExp(parts.map((part) => escaped(part)).join('.*')) : undefined;
}
const escaped = (text: string): string => text.replace(/\\(.)/g, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Where its words stand among what a call is given. */
const words = { warn: 1, fail: 2, bad: 0 } as const;

/** What cannot be provoked by whoever makes the page, and why. */
const unshown: Readonly<Record<string, string>> = {
  'it fails again and again \\[.*\\]': 'a camera is started by a visit, and the page has none',
  '.*, but that is .* s old': 'a line that is silent is not reachable long before',
  'answers, bolt .*.*: it is low, or not told by its firmware': 'the simulated lock calls each low battery critical',
  '.*, though nobody visits': 'a door that moves by itself is an alarm first, and that is shown',
  'Look again in a minute; when it does not go up, ask the operator\\.':
    'it takes hundreds of entries that the cloud does not take',
};

/** Faults in the words of their table: file -> which of them are shown. */
const byTable: Readonly<Record<string, readonly FaultCode[]>> = {
  'cameras.ts': ['CAMERA_GONE', 'CAMERA_RAW_SILENT'],
  'cloud.ts': ['CLOCK_UNSET'],
  'examine.ts': ['CONFIG_MISSING', 'CONFIG_INVALID'],
  'hub.ts': ['HUB_UNWITNESSED'],
  'journal.ts': ['JOURNAL_EDITED', 'JOURNAL_GAP'],
  'locks.ts': ['NUKI_NOT_PAIRED', 'OSDP_KEY_MISSING', 'LOCK_UNAVAILABLE', 'LOCK_JAMMED'],
  'ports.ts': ['LINK_OPEN_FAILED'],
  'radio.ts': ['BLE_UNAVAILABLE', 'BLE_PERMISSION_MISSING'],
  'secrets.ts': ['SECRETS_KEY_MISSING', 'SECRETS_KEY_WRONG', 'SECRETS_DAMAGED'],
};

t.test('the page shows each failure and each warning that is in the code', async (t) => {
  const seen = new Set<string>();
  for (const [file, source] of sources) {
    for (const call of source.matchAll(/(?<!string\): Finding => )\b(warn|fail|bad)\(/g)) {
      const kind = call[1] as keyof typeof words;
      const given = argumentsAt(source, call.index + call[0].length);
      // Words that come from elsewhere are known by what mends it.
      const pattern = patternOf(given[words[kind]]) ?? patternOf(given.at(-1));
      const what = `${file}: ${given[words[kind]]}`;
      if (pattern === undefined) {
        t.fail(`${what}: say it in place, so that this test can look for it`);
        continue;
      }
      seen.add(`${pattern.source}`);
      const isUnshown = unshown[pattern.source] !== undefined;
      t.equal(pattern.test(page), !isUnshown, `${what} is ${isUnshown ? 'shown, and said not to be' : 'on the page'}`);
    }
  }
  t.ok(seen.size > 40, 'the calls were found');
  t.same(
    Object.keys(unshown).filter((one) => !seen.has(one)),
    [],
    'what is not shown is in the code',
  );
});

t.test('it shows the faults that come in the words of their table', async (t) => {
  const using = sources.filter(([, source]) => source.includes('failBy(')).map(([file]) => file);
  t.same(using.sort(), Object.keys(byTable).sort());
  for (const code of new Set(Object.values(byTable).flat())) {
    const [first] = faults[code].says.split(/(?<=[.?]) /);
    t.ok(page.includes(first!), `${code}: ${first}`);
  }
});
