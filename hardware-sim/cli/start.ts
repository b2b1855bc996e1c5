#!/usr/bin/env node
/** `npm start`: a street of its own with its page, one delivery, its timeline; then it stays up for more. */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { jack } from 'jackspeak';
import { Fault, faults } from '../../wire/faults.ts';
import { toJsonLines, toTimeline } from '../people/timeline.ts';
import { renderTimeline, styleFor } from '../people/timeline-text.ts';
import { deliverByHand, type OwnDelivery } from '../start/by-hand.ts';
import { guestByHand } from '../start/guest-by-hand.ts';
import { typedHandOver } from '../start/hand-over.ts';
import { builtStreet } from '../start/process.ts';
import { openStreet, type Street } from '../start/street.ts';
import { playAlone } from '../street/acts.ts';
import { type StreetPage, serveStreet } from '../street/server.ts';
import { Stage } from '../street/stage.ts';

const flags = jack({ usage: 'npm start -- [--once] [--json] [--no-page] [--port PORT] [--data FOLDER] [--fresh]' })
  .description(
    'Brings up broker, cloud, hub and a simulated home, serves the page of the street, and plays one delivery.',
  )
  .flag({
    once: { description: 'End after one delivery; exit code 0 only if the door was proven locked.' },
    json: { description: 'One JSON object a line.' },
    'no-page': { description: 'Do not serve the page of the street; --once serves none either.' },
    fresh: { description: 'Forget the street of before and set up a new one.' },
    help: { short: 'h', description: 'Show this.' },
  })
  .opt({ data: { hint: 'folder', default: 'data', description: 'Where everything is kept.' } })
  .num({
    port: { hint: 'port', description: 'Where the page is served, on this machine alone; 7070 or any free one.' },
  });

const usualPort = 7070;
/** How long the first delivery waits for somebody who looks on, ms. */
const viewerWithinMs = 8_000;

function say(json: boolean, who: string, what: string): void {
  if (json) process.stdout.write(`${JSON.stringify({ event: 'setup', at: Date.now(), who, what })}\n`);
  else process.stdout.write(`  ${who.padEnd(10)} ${what}\n`);
}

/** The page of the street, at the port that was asked for; without one at the usual port, or any that is free. */
async function servePage(stage: Stage, port: number | undefined): Promise<StreetPage> {
  const serve = (at: number): Promise<StreetPage> => serveStreet(stage, { folder: builtStreet, port: at });
  if (port !== undefined) return serve(port);
  return serve(usualPort).catch(() => serve(0));
}

/** Resolves when a browser looks on, or nobody came. */
async function untilViewed(page: StreetPage): Promise<void> {
  for (const end = performance.now() + viewerWithinMs; page.viewers() === 0 && performance.now() < end; )
    await wait(100);
}

/** Plays one delivery and prints it. @returns whether the door was proven locked */
async function play(stage: Stage, street: Street, json: boolean, door: 'front' | 'garage' = 'front'): Promise<boolean> {
  const played = await playAlone(stage, street, door);
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
  say(`Mail of the street: ${street.mailbox.url}\n`);
  if (street.page !== undefined) {
    const { url, invite } = street.page;
    say(`The owner's app (the link signs one browser in, for ten minutes):\n  ${url}${invite()}\n`);
  }
  if (own !== undefined) {
    say(`Deliver a parcel yourself: open this as the courier's phone,\n  ${own.url}\n`);
    say('  then type here the six digits that it shows; open, to push the door; close, to pull it shut.\n');
    say('Hand a parcel over with a code yourself: type hand. Come as a guest yourself: type invite.\n');
  }
  say(helpText);
}

/** Until somebody ends it. One line after the other; an Enter while something is under way is none. */
async function stay(stage: Stage, street: Street, json: boolean): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const own = street.page === undefined ? undefined : await deliverByHand(street);
  const guest = street.page === undefined ? undefined : guestByHand(street, new URL(street.page.url).origin);
  if (!json) showAround(street, own);
  const hasGarage = street.settings.front === 'nuki';
  let door: 'front' | 'garage' = 'front';
  const take = async (line: string): Promise<void> => {
    if (line !== '') {
      const said =
        (await own?.typed(line)) ?? (await guest?.typed(line)) ?? (own && (await typedHandOver(street, line)));
      process.stdout.write(`${said ?? helpText.trim()}\n`);
      return;
    }
    door = door === 'front' && hasGarage ? 'garage' : 'front';
    await play(stage, street, json, door);
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
      .catch(complain)
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
  const stage = new Stage();
  const page = values.once || values['no-page'] ? undefined : await servePage(stage, values.port);
  if (page !== undefined) sayAddress(page, json);
  try {
    const street = await openStreet(values.data, (who, what) => {
      say(json, who, what);
      stage.comesUp(who, what);
    });
    try {
      await stage.open(street);
      if (values.once) {
        process.exitCode = (await play(stage, street, json)) ? 0 : faults.DOOR_UNSECURED.exit;
        return;
      }
      if (page !== undefined) await untilViewed(page);
      // Whoever looks on may stop it, or break something: that is no end of the street.
      await play(stage, street, json).catch(complain);
      await stay(stage, street, json);
    } finally {
      stage.close();
      await street.stop();
    }
  } finally {
    await page?.stop();
  }
}

function sayAddress({ url }: StreetPage, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ event: 'page', at: Date.now(), url })}\n`);
  else
    process.stdout.write(
      `\nOpen the street in a browser: ${url}\nPlay courier, owner and burglar there. It comes up:\n\n`,
    );
}

const complain = (error: unknown): void => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
};

try {
  await main();
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { says, exit } = faults[fault.code];
  process.stderr.write(`doorward: ${says} [${fault.code}] ${JSON.stringify(fault.detail)}\n`);
  if (fault.cause instanceof Error) process.stderr.write(`${fault.cause.stack}\n`);
  process.exitCode = exit;
}
