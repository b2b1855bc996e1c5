/** The hub's outside, wrapped: every commit, every command on the serial line, every message and every key is a point to die at. */
import mqtt from 'mqtt';
import type { Draft, HubStore, Journal, TrustStore, Use } from '../../../device/journal/journal.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import type { Link, OpenLink } from '../../../device/link/link.ts';
import { serialLink } from '../../../device/link/serial.ts';
import type { Secrets } from '../../../device/secrets/secrets.ts';
import { parseTopic } from '../../../wire/topics.ts';
import type { Reaper } from './reaper.ts';

/** Commands of OSDP that are points; the others, mostly POLL, come whenever they come. @see SIA OSDP v2.2, annex A */
const named: Readonly<Record<number, string>> = { 101: 'ISTAT', 104: 'OUT', 117: 'KEYSET' };
const startOfMessage = 0x53;

/** Command byte of a frame: it is in clear in a secure channel too. */
function commandOf(frame: Uint8Array): number | undefined {
  const start = frame.indexOf(startOfMessage);
  if (start < 0) return undefined;
  const hasSecurityBlock = ((frame[start + 4] ?? 0) & 0x08) !== 0;
  return frame[start + 5 + (hasSecurityBlock ? (frame[start + 5] ?? 0) : 0)];
}

export interface Seams {
  readonly openStore: typeof openHubStore;
  readonly openLink: (port: string, baudRate: number) => OpenLink;
  readonly secrets: Secrets;
}

/** @param begins  whether these drafts are where the counting starts */
export function seamsOf(reaper: Reaper, secrets: Secrets, begins: (drafts: readonly Draft[]) => boolean): Seams {
  /** What the journal holds last: looks at the door come again and again, and are told apart by it. */
  let last = 'nothing';

  const append = (journal: Journal, drafts: readonly Draft[], use: Use | undefined) => {
    if (begins(drafts)) reaper.begin();
    const what = drafts.map(({ kind }) => kind).join('+');
    reaper.reach(`before the commit of ${what}`);
    const written = journal.append(drafts, use && inCommit(use, what));
    reaper.committed(written);
    last = what;
    reaper.reach(`after the commit of ${what}`);
    return written;
  };

  /** The store reads `firstOfVisit` when the entry is inserted and the use is counted, and nothing is committed yet. */
  const inCommit = (use: Use, what: string): Use => ({
    ...use,
    get firstOfVisit() {
      reaper.reach(`within the commit of ${what}`);
      return use.firstOfVisit;
    },
  });

  const wrapStore = (store: HubStore): HubStore => {
    const { journal, trust } = store;
    return {
      ...store,
      journal: {
        head: () => journal.head(),
        append: (drafts, use) => append(journal, drafts, use),
        read: (seq, limit, maxBytes) => journal.read(seq, limit, maxBytes),
        hashAt: (seq) => journal.hashAt(seq),
        recent: (filter, limit) => journal.recent(filter, limit),
        onAppended: (listener) => journal.onAppended(listener),
      },
      trust: wrapTrust(trust),
    };
  };

  const wrapTrust = (trust: TrustStore): TrustStore => ({
    ...trust,
    keepDocument: (name, text) => {
      reaper.reach(`before ${name} is kept`);
      trust.keepDocument(name, text);
      reaper.reach(`after ${name} is kept`);
    },
    keepNumber: (name, value) => {
      reaper.reach(`before ${name} is kept`);
      trust.keepNumber(name, value);
      reaper.reach(`after ${name} is kept`);
    },
  });

  const wrapLink = (link: Link): Link => {
    let asked: string | undefined;
    return {
      write: async (bytes) => {
        const name = named[commandOf(bytes) ?? -1];
        if (name === undefined) return link.write(bytes);
        const what = name === 'ISTAT' ? `ISTAT behind ${last}` : name;
        reaper.reach(`before ${what} leaves`);
        await link.write(bytes);
        asked = what;
        reaper.reach(`after ${what} left`);
      },
      onData: (listener) =>
        link.onData((chunk) => {
          if (asked !== undefined) reaper.reach(`before the answer to ${asked} is heard`);
          asked = undefined;
          listener(chunk);
        }),
      onClose: (listener) => link.onClose(listener),
      close: () => link.close(),
    };
  };

  watchMessages(reaper);
  return {
    openStore: (path, hubId, options) => wrapStore(openHubStore(path, hubId, options)),
    openLink: (path, baudRate) => async () => wrapLink(await serialLink({ path, baudRate })()),
    secrets: {
      get: (name) => secrets.get(name),
      put: async (name, bytes) => {
        const which = name.split('-').at(-1);
        reaper.reach(`before the ${which} key is stored`);
        await secrets.put(name, bytes);
        reaper.reach(`after the ${which} key is stored`);
      },
      remove: async (name) => {
        const which = name.split('-').at(-1);
        reaper.reach(`before the ${which} key is removed`);
        await secrets.remove(name);
        reaper.reach(`after the ${which} key is removed`);
      },
    },
  };
}

/** The client library hands a message over and hears when the broker has it: both are points, by what the message is. */
function watchMessages(reaper: Reaper): void {
  const { prototype } = mqtt.MqttClient;
  const publish = prototype.publish as (...args: unknown[]) => unknown;
  prototype.publish = function (this: unknown, ...args: unknown[]): unknown {
    const what = nameOf(String(args[0]), args[1]);
    const told = args[3];
    if (what === undefined || typeof told !== 'function') return publish.apply(this, args);
    const heard = (...results: unknown[]): void => {
      reaper.reach(`after ${what} is with the broker`);
      told(...results);
    };
    const done = publish.apply(this, [args[0], args[1], args[2], heard]);
    reaper.reach(`after ${what} is handed over`);
    return done;
  } as typeof prototype.publish;
}

function nameOf(topic: string, payload: unknown): string | undefined {
  const parsed = parseTopic(topic);
  if (parsed?.is === 'up') return parsed.kind === 'journal' ? 'a batch of the journal' : undefined;
  if (parsed?.is !== 'answer') return undefined;
  const message = JSON.parse(String(payload)) as { body?: { at?: string } };
  return `the answer "${message.body?.at ?? 'other'}"`;
}
