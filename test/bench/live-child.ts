/** A process of a benchmark that answers one request after the other. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../wire/faults.ts';

export interface Child<Asked, Answer> {
  readonly pid: number;
  ask(what: Asked): Promise<Answer>;
  stop(): Promise<void>;
}

/** @param url  of the module that calls `answerAs(role, …)` */
export function startChild<Asked extends object, Answer>(url: string, role: string): Child<Asked, Answer> {
  const loader = url.endsWith('.ts') ? ['--import=tsx'] : [];
  const child: ChildProcess = fork(fileURLToPath(url), [role], { execArgv: ['--expose-gc', ...loader] });
  const gone = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    ask: async (what) => {
      const answered = once(child, 'message');
      child.send(what);
      const first = await Promise.race([answered, gone.then(() => undefined)]);
      if (first === undefined) throw new Fault('INTERNAL', { why: `${role} ended`, exit: child.exitCode });
      return first[0] as Answer;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** In the process itself; ends with its parent. */
export function answerAs<Asked, Answer>(role: string, answer: (what: Asked) => Promise<Answer>): void {
  if (process.argv[2] !== role || process.send === undefined) return;
  process.on('message', async (what: Asked) => process.send?.(await answer(what)));
  process.on('disconnect', () => process.exit(0));
}
