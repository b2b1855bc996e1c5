/** `doorward pages check`: holds what a cloud serves as its pages against what was released, on this hub or on any machine. */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { apiNames } from '../../wire/api-names.ts';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { VerifyKey } from '../../wire/jws.ts';
import { configPath } from '../config/load.ts';
import { PagesOrigin } from '../config/pages.ts';
import type { HubConfig } from '../config/schema.ts';
import { readEnrolment } from '../enrol/identity.ts';
import { checkPages, type PagesReport } from '../pages/check.ts';
import { answerWithinMs } from '../pages/install.ts';
import { readMark } from '../pages/mark.ts';
import { toReleaseKeys } from '../pages/release-keys.ts';
import { sayReport } from '../pages/says.ts';
import { type Command, type CommandContext, textFlag } from './command.ts';
import { settingOf } from './setting.ts';

/** The hub's settings where there is a hub: this works on any machine. */
function hubHere(context: CommandContext): HubConfig | undefined {
  const named = textFlag(context, 'config');
  return named === undefined && !existsSync(configPath(undefined)) ? undefined : settingOf(context);
}

const originOf = (text: string, what: string): string => {
  const read = v.safeParse(PagesOrigin, text);
  if (!read.success) throw new Fault('USAGE', { why: `${what}: ${read.issues[0].message}` });
  return read.output;
};

/** @throws Fault USAGE when neither the flag nor the hub says it */
function given(text: string | undefined, flag: string): string {
  if (text === undefined) throw new Fault('USAGE', { why: `name it with ${flag}, or in the settings of the hub` });
  return text;
}

async function keysOf(context: CommandContext, hub: HubConfig | undefined): Promise<VerifyKey[]> {
  const flag = textFlag(context, 'release-key');
  if (flag === undefined && hub?.pages !== undefined) return toReleaseKeys(hub.pages.releaseKeys);
  return toReleaseKeys([given(flag, '--release-key')]).catch((cause: unknown) => {
    throw new Fault('USAGE', { why: '--release-key is the x of an Ed25519 key' }, { cause });
  });
}

function manifestOf(context: CommandContext): string | undefined {
  const path = textFlag(context, 'manifest');
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Fault('NOT_FOUND', { path }, { cause });
  }
}

/** The fault that a report ends with; undefined for pages as they were released. */
const faultOf = ({ outcome, refused }: PagesReport): FaultCode | undefined =>
  refused?.code ?? (outcome === 'same' ? undefined : outcome === 'unread' ? 'PAGES_UNREAD' : 'PAGES_DIFFER');

function textOf(report: PagesReport, origin: string): string {
  const { manifest, compared } = report;
  const release =
    manifest && `release ${manifest.claims.product} (${manifest.claims.version}), signed with ${manifest.key.jwk.x}`;
  const head = {
    same: `${origin} serves what was released.`,
    different: `${origin} does not serve what was released:`,
    unread: `${origin} could not be read:`,
  }[report.outcome];
  const tail = release === undefined ? [] : [`  held against ${release}; ${compared} answers compared`];
  return [head, ...sayReport(report).map((line) => `  ${line}`), ...tail].join('\n');
}

export const pagesCheck: Command = {
  noun: 'pages',
  verb: 'check',
  says: 'Hold what the cloud serves as its pages against the release that was signed.',
  args: ['url?'],
  flags: (jack) =>
    jack.opt({
      'release-key': { hint: 'key', description: 'The x of the public release key; else that of the settings.' },
      api: { hint: 'url', description: 'The API that the pages may talk to; else the cloud of this hub.' },
      manifest: { hint: 'file', description: 'A signed manifest from elsewhere, in place of the one that is served.' },
    }),
  run: async (context) => {
    const hub = hubHere(context);
    const origin = originOf(given(context.args[0] ?? hub?.pages?.url, 'the address'), 'url');
    const enrolled = hub && readEnrolment(hub.dataDir)?.cloud;
    const api = originOf(given(textFlag(context, 'api') ?? hub?.pages?.api ?? enrolled, '--api'), '--api');
    const report = await checkPages({
      origin,
      api: apiNames(api),
      keys: await keysOf(context, hub),
      // The newest release that this hub has seen: an older one does not pass.
      seen: hub && (await readMark(hub.dataDir)),
      nowS: Math.floor(Date.now() / 1000),
      manifest: manifestOf(context),
      withinMs: answerWithinMs,
    });
    const code = faultOf(report);
    const { outcome, findings, unread, compared, manifest } = report;
    context.answer(textOf(report, origin), {
      ok: code === undefined,
      ...(code && { code, says: faults[code].says }),
      ...{ url: origin, outcome, findings, unread, compared },
      ...(manifest && { version: manifest.claims.version, product: manifest.claims.product, key: manifest.key.jwk.x }),
    });
    if (code !== undefined) process.exitCode = faults[code].exit;
  },
};
