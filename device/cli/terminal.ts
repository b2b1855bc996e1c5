/** Answers, remarks and questions of a command on this process's terminal. */
import { createInterface } from 'node:readline/promises';
import { Fault } from '../../wire/faults.ts';
import type { CommandContext } from './command.ts';

/** The part of a command's context that talks to people. */
export function terminal(json: boolean, yes: boolean): Pick<CommandContext, 'answer' | 'say' | 'confirm'> {
  return {
    answer: (text, object) => void process.stdout.write(`${json ? JSON.stringify(object) : text}\n`),
    say: (text) => void process.stderr.write(`${text}\n`),
    confirm: async (question) => {
      if (yes) return;
      if (json || !process.stdin.isTTY) throw new Fault('NOT_CONFIRMED', { flag: '--yes' });
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        const reply = await lines.question(`${question} Type yes: `);
        if (reply.trim().toLowerCase() !== 'yes') throw new Fault('NOT_CONFIRMED');
      } finally {
        lines.close();
      }
    },
  };
}
