/** How the routes of the control socket answer, and read what they are asked. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

export const ok = (body: unknown): Answered => ({ status: 200, body });

/** @throws Fault BODY_MALFORMED */
export function readBody<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, body);
  if (!parsed.success) throw new Fault('BODY_MALFORMED', { problem: parsed.issues[0].message });
  return parsed.output;
}
