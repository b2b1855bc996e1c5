#!/usr/bin/env node
/** The entry of `doorward-broker`: the answer on standard output, all else on standard error, the exit code from the fault table. */
import { Fault, faults } from '../../wire/faults.ts';
import { parseCommand, usage } from './flags.ts';
import { run } from './run.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(args: readonly string[]): Promise<number> {
  const command = parseCommand(args);
  if (command.help) {
    say(usage());
    return 0;
  }
  if (command.words.length !== 1 || command.words[0] !== 'run') throw new Fault('USAGE', { reason: 'say `run`' });
  return run(command, {
    say,
    onStop: (stop) => {
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    },
    onReload: (reload) => process.on('SIGHUP', reload),
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { code, detail } = fault;
  process.stderr.write(`${JSON.stringify({ event: 'failed', code, says: faults[code].says, detail })}\n`);
  if (code === 'INTERNAL') process.stderr.write(`${String(fault.cause)}\n`);
  process.exitCode = faults[code].exit;
}
