/** The flags of `doorward-broker run`, made from the configuration's schema, so that help, names and defaults cannot disagree with it. */
import { jack } from 'jackspeak';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { BrokerConfig } from '../config/schema.ts';

/** Short names for what is named most often. */
const shortNames: Readonly<Record<string, string>> = { caFile: 'ca', certFile: 'cert', keyFile: 'key' };

/** @returns `maxPacketBytes` -> `max-packet-bytes` */
const flagOf = (key: string): string =>
  shortNames[key] ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const keys = Object.keys(BrokerConfig.entries) as (keyof typeof BrokerConfig.entries)[];
const flagKeys = new Map<string, string>(keys.map((key) => [flagOf(key), key]));

const isNumber = (key: keyof typeof BrokerConfig.entries): boolean =>
  typeof v.getDefault(BrokerConfig.entries[key]) === 'number';

function describe(key: keyof typeof BrokerConfig.entries): string {
  const schema = BrokerConfig.entries[key];
  const inner = schema.type === 'optional' ? schema.wrapped : schema;
  const byDefault = v.getDefault(schema);
  return `${v.getDescription(inner) ?? ''}${byDefault === undefined ? '' : ` Default: ${byDefault}.`}`;
}

const cli = jack({
  usage: 'doorward-broker run [--config FILE] [--port N] [--ca FILE --cert FILE --key FILE] [--json]',
  allowPositionals: true,
})
  .description(
    'Runs the MQTT broker between hubs and cloud instances. Ends on SIGTERM; reads its certificates again on SIGHUP.',
  )
  .flag({
    help: { short: 'h', description: 'Shows this.' },
    json: { description: 'Answers with one JSON object a line.' },
  })
  .opt({
    config: { hint: 'FILE', description: 'JSON file with these settings by their names, such as "maxPacketBytes".' },
  })
  .num(Object.fromEntries(keys.filter(isNumber).map((key) => [flagOf(key), { description: describe(key), hint: 'N' }])))
  .opt(
    Object.fromEntries(
      keys.filter((key) => !isNumber(key)).map((key) => [flagOf(key), { description: describe(key) }]),
    ),
  );

export interface Command {
  /** What is left after the flags, such as `['run']`. */
  readonly words: readonly string[];
  readonly help: boolean;
  readonly json: boolean;
  readonly configFile: string | undefined;
  /** Settings by their configuration names; only those that were given. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** @returns the help page */
export const usage = (): string => cli.usage();

/** @throws Fault USAGE */
export function parseCommand(args: readonly string[]): Command {
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = cli.parseRaw([...args]);
  } catch (cause) {
    throw new Fault('USAGE', { reason: cause instanceof Error ? cause.message : '' }, { cause });
  }
  const { values, positionals } = parsed;
  const settings: Record<string, unknown> = {};
  for (const [flag, key] of flagKeys) if (values[flag] !== undefined) settings[key] = values[flag];
  return {
    words: positionals,
    help: values.help === true,
    json: values.json === true,
    configFile: typeof values.config === 'string' ? values.config : undefined,
    settings,
  };
}
