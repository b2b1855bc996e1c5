/** Answers, remarks and questions of a command on this process's terminal. */
import { createInterface } from 'node:readline/promises';
import { Fault } from '../../wire/faults.ts';
import type { CommandContext } from './command.ts';

/** Rejects with NOT_CONFIRMED when the question is left, by Ctrl-C or the end of the input. */
async function put(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('close', () => reject(new Fault('NOT_CONFIRMED')));
      lines.question(question).then(resolve, reject);
    });
  } finally {
    lines.close();
  }
}

/** The part of a command's context that talks to people. */
export function terminal(json: boolean, yes: boolean): Pick<CommandContext, 'answer' | 'say' | 'confirm' | 'ask'> {
  const isSilent = json || process.stdin.isTTY !== true;
  return {
    answer: (text, object) => void process.stdout.write(`${json ? JSON.stringify(object) : text}\n`),
    say: (text) => void process.stderr.write(`${text}\n`),
    ask: async (question, instead, fallback) => {
      if (isSilent && fallback === undefined) throw new Fault('USAGE', { why: `give ${instead}` });
      if (isSilent) return fallback!;
      const offered = fallback === undefined || fallback === '' ? '' : ` [${fallback}]`;
      for (;;) {
        const reply = (await put(`${question}${offered}: `)).trim() || fallback;
        if (reply !== undefined) return reply;
      }
    },
    confirm: async (question) => {
      if (yes) return;
      if (isSilent) throw new Fault('NOT_CONFIRMED', { flag: '--yes' });
      const reply = await put(`${question} Type yes: `);
      if (reply.trim().toLowerCase() !== 'yes') throw new Fault('NOT_CONFIRMED');
    },
  };
}
