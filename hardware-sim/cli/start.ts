#!/usr/bin/env node
/** `npm start`: a street of its own, one delivery, its timeline; then it stays up for more. */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { jack } from 'jackspeak';
import { Fault, faults } from '../../wire/faults.ts';
import { toJsonLines, toTimeline } from '../people/timeline.ts';
import { renderTimeline, styleFor } from '../people/timeline-text.ts';
import { deliverByHand, type OwnDelivery } from '../start/by-hand.ts';
import { playDelivery } from '../start/delivery.ts';
import { openStreet, type Street } from '../start/street.ts';

const flags = jack({ usage: 'npm start -- [--once] [--json] [--data FOLDER] [--fresh]' })
  .description('Brings up broker, cloud, hub and a simulated home, and plays one delivery.')
  .flag({
    once: { description: 'End after one delivery; exit code 0 only if the door was proven locked.' },
    json: { description: 'One JSON object a line.' },
    fresh: { description: 'Forget the street of before and set up a new one.' },
    help: { short: 'h', description: 'Show this.' },
  })
  .opt({ data: { hint: 'folder', default: 'data', description: 'Where everything is kept.' } });

function say(json: boolean, who: string, what: string): void {
  if (json) process.stdout.write(`${JSON.stringify({ event: 'setup', at: Date.now(), who, what })}\n`);
  else process.stdout.write(`  ${who.padEnd(10)} ${what}\n`);
}

/** Plays one delivery and prints it. @returns whether the door was proven locked */
async function play(street: Street, json: boolean, door: 'front' | 'garage' = 'front'): Promise<boolean> {
  const played = await playDelivery(street, door);
  const timeline = toTimeline(played.events);
  const text = json
    ? toJsonLines(timeline).join('\n')
    : `\n${renderTimeline(timeline, styleFor(process.stdout, process.env))}`;
  process.stdout.write(`${text}\n`);
  return played.end.proof === 'secured';
}

const helpText = `Press Enter for one more simulated delivery, into the garage and to the front door by turns; Ctrl-C to end.
`;

function showAround(street: Street, own: OwnDelivery | undefined): void {
  const say = (text: string): void => void process.stdout.write(text);
  say(`\nThe street stays up: ${street.url}/openapi.json\n`);
  say(`  doorward lock status --config ${street.paths.hubConfig}\n`);
  if (street.page !== undefined) {
    const { url, invite } = street.page;
    say(`Watch the door as its owner (the link signs one browser in, for ten minutes):\n  ${url}${invite()}\n`);
  }
  if (own !== undefined) {
    say(`Deliver a parcel yourself: open this as the courier's phone,\n  ${own.url}\n`);
    say('  then type here the six digits that it shows; open, to push the door; close, to pull it shut.\n');
  }
  say(helpText);
}

/** Until somebody ends it. One line after the other; an Enter while something is under way is none. */
async function stay(street: Street, json: boolean): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const own = street.page === undefined ? undefined : await deliverByHand(street);
  if (!json) showAround(street, own);
  const hasGarage = street.settings.front === 'nuki';
  let door: 'front' | 'garage' = 'front';
  const take = async (line: string): Promise<void> => {
    if (line !== '') {
      const said = await own?.typed(line);
      process.stdout.write(`${said ?? helpText.trim()}\n`);
      return;
    }
    door = door === 'front' && hasGarage ? 'garage' : 'front';
    await play(street, json, door);
  };
  let turn = Promise.resolve();
  let underWay = 0;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (typed) => {
    const line = typed.trim().toLowerCase();
    if (line === '' && underWay > 0) return;
    underWay += 1;
    turn = turn
      .then(() => take(line))
      .catch((error: unknown) => void process.stderr.write(`${error instanceof Error ? error.message : error}\n`))
      .finally(() => {
        underWay -= 1;
      });
  });
  await stopped;
  lines.close();
  process.stdin.pause();
}

/** @throws Fault USAGE for a flag that there is not */
function readFlags(): ReturnType<typeof flags.parse> {
  try {
    return flags.parse();
  } catch (cause) {
    throw new Fault('USAGE', { why: `${cause instanceof Error ? cause.message : cause}; see --help` });
  }
}

async function main(): Promise<void> {
  const { values } = readFlags();
  if (values.help) {
    process.stdout.write(`${flags.usage()}\n`);
    return;
  }
  const json = values.json === true;
  if (values.fresh) rmSync(values.data, { recursive: true, force: true });
  if (!json) process.stdout.write('Doorward: bringing up a street of its own.\n');
  const street = await openStreet(values.data, (who, what) => say(json, who, what));
  try {
    const secured = await play(street, json);
    if (!values.once) await stay(street, json);
    process.exitCode = secured ? 0 : faults.DOOR_UNSECURED.exit;
  } finally {
    await street.stop();
  }
}

try {
  await main();
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { says, exit } = faults[fault.code];
  process.stderr.write(`doorward: ${says} [${fault.code}] ${JSON.stringify(fault.detail)}\n`);
  if (fault.cause instanceof Error) process.stderr.write(`${fault.cause.stack}\n`);
  process.exitCode = exit;
}
