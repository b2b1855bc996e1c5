#!/usr/bin/env node
/** `doorward-cloud <command>`: finds the command, reads its flags, runs it, turns faults into exit codes. */
import { jack } from 'jackspeak';
import { Fault, faults } from '../../wire/faults.ts';
import type { Command, CommandContext } from './command.ts';

/** Name -> what does it. Loaded when it is asked for: what a command does not need costs it neither time nor memory. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./init.ts')).init,
  run: async () => (await import('./run.ts')).run,
  pages: async () => (await import('./pages.ts')).pages,
};

const overview = async (): Promise<string> => {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const rows = all.map((one) => `  doorward-cloud ${one.name.padEnd(6)} ${one.says}`);
  return ['Usage: doorward-cloud <command> [flags]', '', ...rows, '', 'Add --help to a command for its flags.'].join(
    '\n',
  );
};

function readFlags(command: Command, argv: string[]) {
  const flags = command
    .flags(jack({ usage: `doorward-cloud ${command.name} [flags]` }).description(command.says))
    .flag({ help: { short: 'h', description: 'Show this help.' }, json: { description: 'Answer in JSON.' } });
  try {
    return { usage: flags.usage(), parsed: flags.parseRaw(argv) };
  } catch (cause) {
    throw new Fault('USAGE', { why: cause instanceof Error ? cause.message.split('\n')[0]! : 'flags' }, { cause });
  }
}

async function main(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv;
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const asked = name === undefined || name === '--help' || name === '-h';
    process[asked ? 'stdout' : 'stderr'].write(`${await overview()}\n`);
    if (asked) return;
    throw new Fault('USAGE', { why: `there is no command "${name}"` });
  }
  const command = await load();
  const { usage, parsed } = readFlags(command, rest);
  if (parsed.values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (parsed.positionals.length > 0) throw new Fault('USAGE', { why: `unexpected: ${parsed.positionals[0]}` });
  const json = parsed.values.json === true;
  const context: CommandContext = {
    flags: parsed.values,
    json,
    answer: (text, object) => void process.stdout.write(`${json ? JSON.stringify(object) : text}\n`),
    say: (text) => void process.stderr.write(`${text}\n`),
  };
  await command.run(context);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { says, exit } = faults[fault.code];
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ok: false, code: fault.code, says, detail: fault.detail })}\n`);
  }
  const detail = Object.entries(fault.detail).map(([name, value]) => `${name}: ${value}`);
  process.stderr.write(
    `doorward-cloud: ${says}${detail.length > 0 ? ` (${detail.join(', ')})` : ''} [${fault.code}]\n`,
  );
  if (fault.code === 'INTERNAL' && fault.cause instanceof Error) process.stderr.write(`${fault.cause.stack}\n`);
  process.exitCode = exit;
}
