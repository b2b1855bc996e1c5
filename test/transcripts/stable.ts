/** What differs from run to run and from machine to machine, made the same: paths, ids, keys, ports, times. */

export interface Stable {
  /** From here on `shown` stands for `real`. */
  put(real: string, shown: string): void;
  of(text: string): string;
}

/** As they come. */
const doorIds = ['door-4k2m9x7q1w8e5r3t6y0u', 'door-7p3n5v1z8c2j6h4g0f9d'];

/** What is no value of one run: in order. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\bhub-[a-z0-9-]{8,}/g, 'hub-4f2d81c09ab3'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-03-14T10:15:00.000Z'],
  [/-\d{8}T\d{6}Z/g, '-20260314T101500Z'],
  [/(until|on) 20\d\d-\d\d-\d\d/g, '$1 2036-03-11'],
  [/valid from .* only/g, 'valid from Mar 14 10:00:00 2026 GMT only'],
  [/Node\.js 20\.(19|[2-9]\d)\.\d+|Node\.js 2[2-9]\.\d+\.\d+/g, 'Node.js 20.19.0'],
  [/\bmedia-[a-z0-9]{8,}/g, 'media-4f2d81c09ab3'],
  [/\(node:\d+\)/g, '(node:812)'],
  [/key {4}[\w-]{43}/g, 'key    3pK9vXw2TnYc8RqZ5mHf7LdJ0sBgUaEi4oNxVkQtWyM'],
  [/ranMs: \d+/g, 'ranMs: 640'],
  [/faketime '20\d\d-\d\d-\d\d'/g, "faketime '2036-03-01'"],
  [/\d{4,} MB free/g, '21480 MB free'],
  [/\b\d s (behind|ahead of) the cloud/g, '0 s behind the cloud'],
  [/[89]:\d\d left/g, '9:41 left'],
  [/\d+ s left/g, '4 s left'],
  [/\b\d+ s \(Ctrl-C/g, '4 s (Ctrl-C'],
  [/seen \d+\.\d s ago/g, 'seen 0.1 s ago'],
  [/that is \d+ s old/g, 'that is 14 s old'],
  [/entries 1 to \d+/g, 'entries 1 to 31'],
  [/the cloud has \d+/g, 'the cloud has 31'],
  [/clock trusted {2}journal \d+/g, 'clock trusted  journal 31'],
  [/(127\.0\.0\.1|localhost):\d+/g, '$1:8883'],
];

/** Seconds after the start -> as the steps of a test are told. */
const stepSeconds: readonly (readonly [string, string])[] = [
  ['asked to open', '0.0'],
  ['released', '1.9'],
  ['told to open', '0.3'],
  ['waiting until', '9.3'],
  ['door open', '5.2'],
  ['door closed', '8.8'],
  ['locking', '9.3'],
  ['asked', '0.0'],
  ['opened', '5.2'],
  ['closed', '8.8'],
  ['proven', '11.9'],
];

function steady(text: string): string {
  let out = text;
  for (const [step, seconds] of stepSeconds) {
    out = out.replace(new RegExp(` +\\d+\\.\\d s {2}(?=${step})`, 'g'), `${`${seconds} s`.padStart(8)}  `);
    out = out.replace(new RegExp(`\\b${step} \\d+\\.\\d s`, 'g'), `${step} ${seconds} s`);
  }
  return out
    .replace(/ +\d+\.\d s {2}(?=!)/g, '  10.0 s  ')
    .replace(/(completed|aborted) after \d+\.\d s/g, '$1 after 11.9 s');
}

export function stable(): Stable {
  const known: [string, string][] = [];
  const doors = new Map<string, string>();
  const doorOf = (id: string): string => {
    const shown = doors.get(id) ?? doorIds[doors.size] ?? id;
    doors.set(id, shown);
    return shown;
  };
  return {
    put: (real, shown) => {
      known.push([real, shown]);
      known.sort(([a], [b]) => b.length - a.length);
    },
    of: (text) => {
      let out = text;
      for (const [real, shown] of known) out = out.replaceAll(real, shown);
      out = out.replace(/\bdoor-[a-z0-9]{20}\b/g, doorOf);
      for (const [pattern, shown] of patterns) out = out.replace(pattern, shown);
      return steady(out);
    },
  };
}
