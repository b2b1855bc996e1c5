/** Answers, remarks and questions of a command on this process's terminal. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Fault } from '../../wire/faults.ts';
import type { CommandContext, Refuses } from './command.ts';

/** Takes what the line editor would show of what is typed. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Rejects with NOT_CONFIRMED when the question is left, by Ctrl-C or the end of the input. */
async function put(question: string, isShown = true): Promise<string> {
  const output = isShown ? process.stderr : nowhere();
  const lines = createInterface({ input: process.stdin, output, ...(isShown ? {} : { terminal: true }) });
  // Only now does the terminal show nothing of what is typed.
  if (!isShown) process.stderr.write(question);
  try {
    return await new Promise((resolve, reject) => {
      lines.once('close', () => reject(new Fault('NOT_CONFIRMED')));
      lines.question(isShown ? question : '').then(resolve, reject);
    });
  } catch (error) {
    // The question stands there without an answer, and without the end of its line.
    if (isShown) process.stderr.write('\n');
    throw error;
  } finally {
    lines.close();
    if (!isShown) process.stderr.write('\n');
  }
}

const acceptsAll: Refuses = () => undefined;

/** The part of a command's context that talks to people. */
export function terminal(json: boolean, yes: boolean): Omit<CommandContext, 'flags' | 'args' | 'json'> {
  const isAttended = !json && process.stdin.isTTY === true;
  /** What the line says that is to be written over; empty when there is none. */
  let passing = '';
  const clear = (): void => {
    if (passing !== '' && process.stderr.isTTY === true) process.stderr.write('\r\x1b[2K');
    passing = '';
  };
  const say = (text: string): void => {
    clear();
    process.stderr.write(`${text}\n`);
  };
  const askUntil = async (question: string, refuses: Refuses, fallback?: string, isShown = true): Promise<string> => {
    for (;;) {
      clear();
      const reply = (await put(question, isShown)).trim() || fallback;
      const why = reply === undefined ? undefined : refuses(reply);
      if (why !== undefined) say(why);
      else if (reply !== undefined) return reply;
    }
  };
  /** @throws Fault USAGE */
  const given = (value: string, instead: string, refuses: Refuses): string => {
    const why = refuses(value);
    if (why !== undefined) throw new Fault('USAGE', { why: `${instead}: ${why}` });
    return value;
  };
  return {
    isAttended,
    say,
    answer: (text, object) => {
      clear();
      process.stdout.write(`${json ? JSON.stringify(object) : text}\n`);
    },
    progress: (what, more = '') => {
      if (process.stderr.isTTY === true) process.stderr.write(`\r\x1b[2K${what}${more}`);
      else if (what !== passing) process.stderr.write(`${what}\n`);
      passing = what;
    },
    ask: async (question, instead, fallback, refuses = acceptsAll) => {
      if (!isAttended && fallback === undefined) throw new Fault('USAGE', { why: `give ${instead}` });
      if (!isAttended) return given(fallback!, instead, refuses);
      const offered = fallback === undefined || fallback === '' ? '' : ` [${fallback}]`;
      return askUntil(`${question}${offered}: `, refuses, fallback);
    },
    askSecret: async (question, instead, refuses = acceptsAll, fallback = undefined) => {
      if (!isAttended && fallback === undefined) throw new Fault('USAGE', { why: `give ${instead}` });
      if (!isAttended) return given(fallback!, instead, refuses);
      return askUntil(`${question} (it is not shown): `, refuses, fallback, false);
    },
    confirm: async (question) => {
      clear();
      if (yes) return;
      if (!isAttended) throw new Fault('NOT_CONFIRMED', { flag: '--yes' });
      const reply = await put(`${question} Type yes: `);
      if (reply.trim().toLowerCase() !== 'yes') throw new Fault('NOT_CONFIRMED');
    },
  };
}
