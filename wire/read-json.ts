/** JSON as text, read by a schema. Pure; it runs in a browser too. */
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';

/** Of a path that came from outside, the start is enough. */
const longestWhy = 64;

/** @returns what it says; `malformed` with where it does not fit */
export function readJson<S extends v.GenericSchema>(
  schema: S,
  text: string,
  malformed: FaultCode,
): Verdict<v.InferOutput<S>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(malformed, { why: 'no JSON' });
  }
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return accept(parsed.output);
  return refuse(malformed, { why: (v.getDotPath(parsed.issues[0]) ?? 'shape').slice(0, longestWhy) });
}
