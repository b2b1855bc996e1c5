#!/usr/bin/env node
/** `doorward-sim <command>`: finds the command, reads its flags, runs it, turns faults into exit codes. */
import { jack } from 'jackspeak';
import { Fault, faults } from '../../wire/faults.ts';
import { camera } from './camera.ts';
import type { Command, Flags } from './command.ts';
import { run } from './run.ts';

const commands: readonly Command[] = [run, camera];

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const onStop = (stop: () => void): void => {
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
};

const help = { short: 'h', description: 'Show this help.' } as const;

const overview = (): string =>
  jack({ usage: 'doorward-sim <command> [flags]' })
    .description(commands.map((one) => `${one.name}: ${one.says}`).join('\n\n'))
    .flag({ help })
    .usage();

function parse(usage: string, command: Command, argv: string[]) {
  const flags = command.flags(jack({ usage }).description(command.says)).flag({ help });
  try {
    return { usage: flags.usage(), ...flags.parseRaw(argv) };
  } catch (cause) {
    throw new Fault('USAGE', { why: cause instanceof Error ? cause.message.split('\n')[0]! : 'flags' }, { cause });
  }
}

async function main([name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h') return say(overview());
  const command = commands.find((one) => one.name === name);
  if (command === undefined) throw new Fault('USAGE', { why: `there is no command "${name}"` });
  const { usage, values, positionals } = parse(`doorward-sim ${command.name} [flags]`, command, rest);
  if (values.help === true) return say(usage);
  if (positionals.length > 0) throw new Fault('USAGE', { why: `${command.name} takes flags only` });
  await command.run(values as Flags, { say, onStop });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { says, exit } = faults[fault.code];
  const detail = Object.entries(fault.detail).map(([key, value]) => `${key}: ${value}`);
  process.stderr.write(`doorward-sim: ${says}${detail.length > 0 ? ` (${detail.join(', ')})` : ''} [${fault.code}]\n`);
  if (fault.code === 'INTERNAL' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = exit;
}
