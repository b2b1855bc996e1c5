/** Logs what was refused: each code of each hub at most once a second, with how often. */
import type { FaultCode } from '../../wire/faults.ts';
import type { Log } from '../log.ts';

export type Refuse = (hubId: string, code: FaultCode) => void;

const quietMs = 1_000;
const maxKnown = 10_000;

export function refusalsTo(log: Pick<Log, 'messageRefused'>, now: () => number): Refuse {
  const known = new Map<string, { at: number; more: number }>();
  return (hubId, code) => {
    const name = `${hubId}/${code}`;
    const last = known.get(name);
    if (last !== undefined && now() - last.at < quietMs) {
      last.more += 1;
      return;
    }
    if (known.size >= maxKnown) known.delete(known.keys().next().value!);
    known.set(name, { at: now(), more: 0 });
    log.messageRefused({ hub: hubId, code, what: 'media', more: last?.more ?? 0 });
  };
}
