/** What a check found: how it is, in words, and what mends it. */
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';

export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** Name of the check. */
  readonly check: string;
  readonly level: Level;
  readonly says: string;
  /** What to do about it; none where all is well. */
  readonly fix?: string;
  /** Whose exit code it has; only where it fails. */
  readonly code?: FaultCode;
}

export const ok = (check: string, says: string): Finding => ({ check, level: 'ok', says });

export const warn = (check: string, says: string, fix: string): Finding => ({ check, level: 'warn', says, fix });

export const fail = (check: string, code: FaultCode, says: string, fix: string): Finding => ({
  check,
  level: 'fail',
  says,
  fix,
  code,
});

/** A fault in the words of its table, with what its detail adds. Anything else that was thrown is thrown on. */
export function failBy(check: string, error: unknown): Finding {
  if (!(error instanceof Fault)) throw error;
  const [what, ...then] = faults[error.code].says.split(/(?<=[.?]) /);
  const { do: toDo, ...detail } = error.detail;
  const facts = Object.entries(detail).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
  const fix = typeof toDo === 'string' ? toDo : then.join(' ');
  return fail(
    check,
    error.code,
    facts.length === 0 ? what! : `${what} (${facts.join(', ')})`,
    fix === '' ? 'See docs/errors.md.' : fix,
  );
}

const order: readonly Level[] = ['ok', 'warn', 'fail'];

/** @returns the worst level, and the code of the first that fails */
export function worstOf(findings: readonly Finding[]): { readonly level: Level; readonly code?: FaultCode } {
  const level = order[Math.max(0, ...findings.map((one) => order.indexOf(one.level)))]!;
  const code = findings.find((one) => one.code !== undefined)?.code;
  return code === undefined ? { level } : { level, code };
}
