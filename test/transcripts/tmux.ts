/** A terminal of tmux with somebody at it: a shell, what is typed, what stands on the screen. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Fault } from '../../wire/faults.ts';

const run = promisify(execFile);

/** High enough that nothing of one command is scrolled away. */
const [columns, rows] = [200, 400];
const withinMs = 90_000;
const lookEveryMs = 100;

export interface Screen {
  /** Changes with each line that is begun. */
  readonly round: number;
  /** Types a line, Enter included, on an empty screen. */
  begin(line: string): Promise<void>;
  types(text: string): Promise<void>;
  /** Ctrl-C. */
  interrupts(): Promise<void>;
  /** Waits until this stands on the screen. @throws Fault INTERNAL with the screen */
  sees(what: RegExp): Promise<void>;
  /** Waits for the prompt. */
  ends(): Promise<void>;
  /** What stands on it now, without the prompt at its end. */
  shows(): Promise<string>;
  /** The program that runs in it. */
  pid(): Promise<number>;
}

export interface Terminal {
  /** A further screen. @param before  the words before its shell, for another user */
  open(name: string, before?: readonly string[]): Promise<Screen>;
  close(): Promise<void>;
}

/** @param env  of the shells: nothing else is in it */
export function openTerminal(env: Readonly<Record<string, string>>): Terminal {
  const server = `doorward-${process.pid}`;
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await run('tmux', ['-L', server, '-f', '/dev/null', ...args])).stdout;
  const given = Object.entries({ ...env, PS1: '$ ' }).map(([name, value]) => `${name}=${value}`);
  let isOpen = false;
  return {
    open: async (name, before = []) => {
      const shell = [...before, 'env', '-i', 'TERM=screen-256color', ...given, 'bash', '--norc', '--noprofile', '-i'];
      await tmux('new-session', '-d', '-s', name, '-x', `${columns}`, '-y', `${rows}`, ...shell);
      isOpen = true;
      return screenOf(tmux, name);
    },
    close: async () => {
      if (isOpen) await tmux('kill-server');
    },
  };
}

function screenOf(tmux: (...args: readonly string[]) => Promise<string>, name: string): Screen {
  const look = async (): Promise<string> => (await tmux('capture-pane', '-p', '-J', '-t', name)).trimEnd();
  const types = async (text: string): Promise<void> => {
    if (text !== '') await tmux('send-keys', '-t', name, '-l', text);
    await tmux('send-keys', '-t', name, 'Enter');
  };
  const untilSo = async (what: string, isSo: (screen: string) => boolean): Promise<void> => {
    for (const end = performance.now() + withinMs; ; await pause(lookEveryMs)) {
      const screen = await look();
      if (isSo(screen)) return;
      if (performance.now() > end) throw new Fault('INTERNAL', { waitedInVain: what, screen });
    }
  };
  const ends = (): Promise<void> => untilSo('the prompt', (screen) => /(^|\n)(\^C)?\$$/.test(screen));
  let round = 0;
  return {
    get round() {
      return round;
    },
    types,
    ends,
    begin: async (line) => {
      await ends();
      await tmux('send-keys', '-t', name, 'C-l');
      await untilSo('an empty screen', (screen) => screen === '$');
      round += 1;
      await types(line);
    },
    interrupts: async () => void (await tmux('send-keys', '-t', name, 'C-c')),
    sees: (what) => untilSo(`${what}`, (screen) => what.test(screen)),
    shows: async () => (await look()).replace(/\n(\^C)?\$$/, ''),
    pid: async () => {
      const shell = (await tmux('list-panes', '-t', name, '-F', '#{pane_pid}')).trim();
      const children = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8');
      return Number(children.trim().split(' ')[0]);
    },
  };
}
