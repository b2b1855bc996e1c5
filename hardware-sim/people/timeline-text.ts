/** The timeline for a terminal: aligned columns, wrapped to its width; what colour says, a word or a sign says too. */
import type { Timeline, TimelineStep, Who } from './timeline.ts';

export interface TextStyle {
  readonly color: boolean;
  /** Longest line; undefined: never wrapped. */
  readonly columns?: number | undefined;
  /** IANA name; the machine's own unless told. */
  readonly timeZone?: string;
}

/** What a stream can show. `NO_COLOR`, `TERM=dumb` and a pipe mean no colour; a pipe is never wrapped. */
export function styleFor(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): TextStyle {
  if (!stream.isTTY) return { color: false };
  const plain = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return { color: !plain, columns: stream.columns ?? 80 };
}

const colors: Readonly<Record<Who, number>> = {
  carrier: 33,
  courier: 36,
  cloud: 34,
  hub: 35,
  door: 32,
  owner: 33,
  installer: 37,
  broker: 34,
};
const red = 31;
const dim = 2;
const bold = 1;

const paint = (style: TextStyle, code: number, text: string): string =>
  style.color ? `\u001b[${code}m${text}\u001b[0m` : text;

/** `38 ms`, `4.21 s`, `2 min 05 s`: always three digits that count. */
export function showMs(ms: number): string {
  const whole = Math.round(ms);
  if (whole < 1000) return `${whole} ms`;
  if (whole < 9_995) return `${(whole / 1000).toFixed(2)} s`;
  if (whole < 59_950) return `${(whole / 1000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function clockTime(atMs: number, timeZone: string | undefined): string {
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;
  return new Intl.DateTimeFormat('en-GB', { ...parts, ...(timeZone === undefined ? {} : { timeZone }) }).format(atMs);
}

const timeWidth = '00:00:00.000'.length;
const sinceWidth = '00 min 00 s'.length;
const whoWidth = 'installer'.length;
const indent = timeWidth + sinceWidth + whoWidth + 8;

const hidden = new Set('kind seq grant rule jkt delivery receipt sealed arrivedAt firstOfVisit stream hash'.split(' '));

/** The facts that tell a person something: no ids, no hashes, no documents. */
export function facts(detail: TimelineStep['detail']): string {
  const isShown = ([name, value]: [string, unknown]) =>
    !hidden.has(name) && value !== false && String(value).length <= 64;
  const shown = Object.entries(detail ?? {}).filter(isShown);
  return shown.map(([name, value]) => (value === true ? name : `${name} ${value}`)).join(', ');
}

/** Breaks between words; a word that is longer than the line stays whole. */
function wrap(text: string, columns: number | undefined): string[] {
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(20, columns - indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** One step as it happens: time, time since the step before, a `!` where something is wrong, who, what. */
export function renderStep(step: TimelineStep, style: TextStyle): string {
  const time = paint(style, dim, clockTime(step.atMs, style.timeZone));
  const since = `+${showMs(step.sinceMs)}`.padStart(sinceWidth);
  const who = paint(style, colors[step.who], step.who.padEnd(whoWidth));
  const sign = step.bad ? paint(style, red, '!') : ' ';
  const more = facts(step.detail);
  const [first, ...rest] = wrap(more === '' ? step.what : `${step.what} (${more})`, style.columns);
  const head = `${time}  ${since}  ${sign} ${who}  ${first}`;
  return [head, ...rest.map((line) => ' '.repeat(indent) + line)].join('\n');
}

function renderProof({ locked, end }: Timeline, style: TextStyle): string[] {
  if (locked === undefined && end?.proof === 'untouched')
    return ['The door was locked before the visit and never moved.'];
  if (locked === undefined) return [paint(style, red, '! The door is NOT proven locked.')];
  const { bolt, contact, boltAgeMs, stillMs, report } = locked;
  const command =
    boltAgeMs === undefined ? 'no lock command was needed' : `${showMs(boltAgeMs)} after the lock command`;
  const still = stillMs === undefined ? 'not seen to move' : `and still for ${showMs(stillMs)}`;
  return [
    paint(style, bold, 'How the door was proven locked'),
    `  bolt     reported ${bolt}, ${command}`,
    `  contact  ${contact}, ${still}`,
    ...(report === undefined ? [] : [`  report   number ${report}, made after the door last moved`]),
  ];
}

/** What follows the steps: the proof, the totals, and how it ended. */
export function renderEnd(timeline: Timeline, style: TextStyle): string {
  const { totals, end } = timeline;
  const width = Math.max(0, ...totals.map(({ name }) => name.length));
  const ended = end === undefined ? 'The visit has not ended.' : `The visit ended: ${end.outcome}, ${end.proof}.`;
  return [
    ...renderProof(timeline, style),
    '',
    paint(style, bold, 'How long it took'),
    ...totals.map(({ name, ms }) => `  ${name.padEnd(width)}  ${showMs(ms).padStart(sinceWidth)}`),
    '',
    paint(style, bold, ended),
  ].join('\n');
}

/** All of it. Ends with a line break. */
export function renderTimeline(timeline: Timeline, style: TextStyle): string {
  const steps = timeline.steps.map((step) => renderStep(step, style));
  return `${[...steps, '', renderEnd(timeline, style)].join('\n')}\n`;
}
