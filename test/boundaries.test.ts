import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import t from 'tap';

const root = resolve(import.meta.dirname, '..');

/** Every source file, as a path from the root with forward slashes. */
const sources = ['wire', 'device', 'broker', 'cloud-bridge', 'client', 'hardware-sim'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${top}/${name.replaceAll('\\', '/')}`),
);

/** What a file imports: a path from the root, or the name of a package. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
  return found.map((name) =>
    name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)).replaceAll('\\', '/') : name,
  );
}

interface Boundary {
  readonly inside: RegExp;
  readonly never: RegExp;
  readonly because: string;
}

const boundaries: readonly Boundary[] = [
  {
    inside: /^client\//,
    never: /^(?!client\/)/,
    because: 'carriers take it as it is: no dependency, nothing of the service',
  },
  {
    inside: /^(?!client\/)/,
    never: /^client\//,
    because: 'the simulator proves the API by code of its own',
  },
  {
    inside: /^wire\//,
    never: /^(device|broker|cloud-bridge|hardware-sim|test)\//,
    because: 'wire is what the parts share; it knows none of them',
  },
  {
    inside: /^wire\//,
    never: /^(?!wire\/|jose$|valibot$|rrule-temporal$|node:crypto$)/,
    because: 'wire is pure: schemas, jose, hashes and recurrences only',
  },
  {
    inside: /^device\//,
    never: /^(broker|cloud-bridge|hardware-sim|test)\//,
    because: 'the hub trusts nothing of the cloud and ships without the simulator',
  },
  {
    inside: /^cloud-bridge\//,
    never: /^(device|broker|hardware-sim|test)\//,
    because: 'the cloud reaches a hub by messages alone',
  },
  {
    inside: /^broker\//,
    never: /^(device|cloud-bridge|hardware-sim|test)\//,
    because: 'any broker will do, so ours may know no more than topics',
  },
  {
    inside: /^hardware-sim\//,
    never: /^(device|cloud-bridge|broker|test)\//,
    because: 'a simulator that shares code with a driver proves nothing',
  },
  {
    inside: /^device\/(visit\/(step|admit|recover)|grant\/)/,
    never: /^node:(?!crypto$)/,
    because: 'decisions are pure: time and keys are arguments',
  },
  {
    inside: /^cloud-bridge\/stop\/(step|state)\.ts$/,
    never: /^(?!wire\/|cloud-bridge\/stop\/state\.ts$)/,
    because: 'how a stop ends is decided by what is handed in, nothing else',
  },
  { inside: /^device\/lock\/[^/]+\/(frame|codec|secure)\.ts$/, never: /^node:(?!crypto$)/, because: 'codecs are pure' },
  {
    inside:
      /^device\/camera\/(sameness|back-off|rate|vc0706\/(frame|codec)|process\/(nal|flush|raw-frames|[a-z]+-split))\.ts$/,
    never: /^node:(?!crypto$)/,
    because: 'splitters and judges are pure',
  },
  {
    inside: /^device\/(visit|grant)\//,
    never: /device\/(bus|link|journal\/sqlite|cli|config|control)/,
    because: 'inner folders know nothing of the outside',
  },
  {
    inside: /^(?!device\/link\/serial\.ts$)/,
    never: /^serialport$/,
    because: 'only device/link/serial.ts opens serial ports',
  },
  {
    inside: /^(?!device\/link\/ble\/)/,
    never: /^@stoprocent\/noble$/,
    because: 'only device/link/ble knows the Bluetooth stack',
  },
  {
    inside: /^(?!hardware-sim\/air\/peripheral\.ts$)/,
    never: /^@stoprocent\/bleno$/,
    because: 'only hardware-sim/air/peripheral.ts speaks for simulated peripherals',
  },
  {
    inside: /^(?!device\/link\/ble\/noble\.ts$|hardware-sim\/air\/peripheral\.ts$)/,
    never: /^@stoprocent\/bluetooth-hci-socket$/,
    because: 'who lets a driver class through does it before the stack is first imported',
  },
  {
    inside: /^(?!device\/bus\/|cloud-bridge\/bus\/)/,
    never: /^mqtt$/,
    because: 'only the bus folders speak MQTT',
  },
  {
    inside: /^(?!cloud-bridge\/notify\/)/,
    never: /^(web-push|nodemailer)$/,
    because: 'only cloud-bridge/notify sends to people; the simulator reads what was sent by its own code',
  },
  {
    inside: /^(?!cloud-bridge\/account\/)/,
    never: /^@simplewebauthn\//,
    because: 'only accounts read what an authenticator attests; what a hub takes is a signature that wire/ checks',
  },
  {
    inside: /^(?!device\/journal\/|cloud-bridge\/store\/)/,
    never: /^better-sqlite3$/,
    because: 'only the journal and the store touch SQLite',
  },
  {
    inside: /^cloud-bridge\/pages\/visitor\//,
    never: /^(?!cloud-bridge\/pages\/(visitor|common)\/|wire\/|valibot$|preact(\/hooks)?$)/,
    because: 'it runs in a browser, and is light',
  },
  {
    inside: /^cloud-bridge\/pages\/evidence\//,
    never: /^(?!cloud-bridge\/pages\/(evidence|common)\/|wire\/)/,
    because: 'it is one file that runs without a network',
  },
  {
    inside: /^cloud-bridge\/pages\/owner\//,
    never: /^(?!cloud-bridge\/pages\/(owner|common)\/|wire\/|jose$|valibot$|uqr$|mediabunny$|preact(\/hooks)?$)/,
    because: 'it runs in a browser',
  },
  {
    inside: /^cloud-bridge\/pages\/support\//,
    never: /^(?!cloud-bridge\/pages\/(support|common)\/|wire\/|jose$|valibot$|preact(\/hooks)?$)/,
    because: 'it runs in a browser, and knows nothing of an owner',
  },
  {
    inside: /^cloud-bridge\/pages\/receive\//,
    never: /^(?!cloud-bridge\/pages\/(receive|common)\/|wire\/|valibot$|preact(\/hooks)?$)/,
    because: 'it runs in a browser, and knows no more than its link',
  },
  {
    inside: /^cloud-bridge\/pages\/common\//,
    never: /^(?!cloud-bridge\/pages\/common\/|wire\/|uqr$|preact\/hooks$)/,
    because: 'every page carries it',
  },
  {
    inside: /^hardware-sim\/street\/page\//,
    never: /^(?!hardware-sim\/(street\/(page\/|told\.ts$)|control\/follow-home\.ts$)|preact(\/hooks)?$)/,
    because: 'it runs in a browser; of the street it knows what it is told',
  },
  {
    inside: /^(?!cloud-bridge\/pages\/(visitor|owner|support|receive|evidence|common)\/|hardware-sim\/street\/page\/)/,
    never:
      /^cloud-bridge\/pages\/(visitor|owner|support|receive|evidence|common)\/|^hardware-sim\/street\/page\/|^mediabunny$|^preact/,
    because: 'the page shares nothing with the service but what is on the wire',
  },
  {
    inside: /^cloud-bridge\/pages\/host\.ts$/,
    never: /^(jose|better-sqlite3|cloud-bridge\/(?!pages\/(headers|built)\.ts$).*)$/,
    because: 'who serves the page has no key and no data',
  },
  {
    inside: /^(?!cloud-bridge\/release\/)/,
    never: /^cloud-bridge\/release\//,
    because: 'the release key belongs to no server: what serves pages cannot sign them',
  },
  {
    inside: /^(?!cloud-bridge\/pages\/(bundle|develop)\.ts$|hardware-sim\/street\/build\.ts$)/,
    never: /^(vite|rolldown|esbuild)$/,
    because: 'the service runs without build tools',
  },
  {
    inside: /^(?!hardware-sim\/)/,
    never: /^@lydell\/node-pty$/,
    because: 'a pseudo-terminal is part of the simulator',
  },
  {
    inside: /^(?!hardware-sim\/camera\/canvas\.ts$)/,
    never: /^@napi-rs\/canvas$/,
    because: 'only hardware-sim/camera/canvas.ts draws, and an optional package is loaded where it is wanted',
  },
];

t.test('imports stay inside their boundaries', async (t) => {
  t.ok(sources.length > 50, `${sources.length} files are read`);
  for (const file of sources) {
    for (const name of importsOf(file)) {
      for (const { inside, never, because } of boundaries) {
        if (inside.test(file) && never.test(name)) t.fail(`${file} imports ${name}: ${because}`);
      }
    }
  }
});

interface Habit {
  readonly inside: RegExp;
  readonly never: RegExp;
  readonly because: string;
}

const habits: readonly Habit[] = [
  { inside: /^device\/(?!config\/)/, never: /process\.env/, because: 'only device/config reads the environment' },
  {
    inside: /^cloud-bridge\/(?!config\/)/,
    never: /process\.env/,
    because: 'only cloud-bridge/config reads the environment',
  },
  {
    inside: /^device\/(visit|grant|lock|camera|bus|journal)\//,
    never: /\bDate\.now\(|performance\.now\(/,
    because: 'time is an argument',
  },
  { inside: /^(wire|device|broker|cloud-bridge)\//, never: /new Error\(/, because: 'a failure is a Fault with a code' },
  {
    inside: /^cloud-bridge\/pages\/(viewer|visitor|support|receive|common)\//,
    never: /^import (?!type )[^;]*wire\/(jws|seal)\.ts|\bBuffer\.|\bprocess\./m,
    because: 'it runs in a browser',
  },
  {
    inside: /^cloud-bridge\/pages\/viewer\//,
    never: /(inner|outer)HTML|insertAdjacentHTML|document\.(write|cookie)|(local|session)Storage|\beval\(|new Function/,
    because: 'nothing that came from outside becomes markup, and nothing is kept but keys and pins',
  },
  {
    inside: /^(cloud-bridge\/pages\/(visitor|support|receive|common)|hardware-sim\/street\/page)\//,
    never: /([iI]nner|outer)HTML|insertAdjacentHTML|document\.(write|cookie)|sessionStorage|\beval\(|new Function/,
    because: 'nothing that came from outside becomes markup; beside keys and visits only the language is kept',
  },
  { inside: /./, never: /eslint-disable|@ts-ignore|@ts-expect-error/, because: 'the checks are for everyone' },
];

t.test('habits are kept', async (t) => {
  for (const file of sources) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const { inside, never, because } of habits) {
      const found = inside.test(file) ? never.exec(text) : null;
      if (found) t.fail(`${file} has ${found[0]}: ${because}`);
    }
  }
});
