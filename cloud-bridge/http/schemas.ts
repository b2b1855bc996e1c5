/** valibot schemas as Fastify's: they check what comes in, and the OpenAPI document is made from them. */
import { toJsonSchema } from '@valibot/to-json-schema';
import type { FastifySchema, FastifyTypeProvider } from 'fastify';
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { Problem } from './problem.ts';

/** Types of params, query and body from a route's schemas. */
export interface ValibotProvider extends FastifyTypeProvider {
  validator: this['schema'] extends v.GenericSchema ? v.InferOutput<this['schema']> : unknown;
  serializer: unknown;
}

/** @returns a validator; a path that cannot be anything is NOT_FOUND, the rest is BODY_MALFORMED with where */
export function compileSchema({ schema, httpPart }: { schema: unknown; httpPart?: string }) {
  return (data: unknown) => {
    const parsed = v.safeParse(schema as v.GenericSchema, data ?? undefined, { abortEarly: true });
    if (parsed.success) return { value: parsed.output };
    if (httpPart === 'params') return { error: new Fault('NOT_FOUND') };
    const where = v.getDotPath(parsed.issues[0])?.slice(0, 64) ?? httpPart ?? 'body';
    return { error: new Fault('BODY_MALFORMED', { where }) };
  };
}

/** A valibot schema as JSON Schema. */
export const toJson = (schema: unknown, typeMode: 'input' | 'output'): object => {
  const { $schema: _dialect, ...json } = toJsonSchema(schema as v.GenericSchema, {
    errorMode: 'ignore',
    typeMode,
    target: 'draft-2020-12',
  });
  return json;
};

const isValibot = (x: unknown): boolean => typeof x === 'object' && x !== null && '~standard' in x;

/** Problems have a media type of their own. */
function toAnswer(status: string, part: unknown): object {
  const description = status === 'default' ? 'Refused' : 'Done';
  if (!isValibot(part)) return { description, ...(part as object) };
  const schema = toJson(part, 'output');
  return part === Problem
    ? { description, content: { 'application/problem+json': { schema } } }
    : { description, ...schema };
}

/** Turns the schemas of a route into JSON Schema, for the OpenAPI document. */
export function toDocumented(schema: FastifySchema): FastifySchema {
  const convert = (part: unknown, typeMode: 'input' | 'output'): unknown =>
    isValibot(part) ? toJson(part, typeMode) : part;
  const { body, params, querystring, response, ...rest } = schema;
  return {
    ...rest,
    ...(body ? { body: convert(body, 'input') } : {}),
    ...(params ? { params: convert(params, 'input') } : {}),
    ...(querystring ? { querystring: convert(querystring, 'input') } : {}),
    ...(response
      ? {
          response: Object.fromEntries(
            Object.entries(response as Record<string, unknown>).map(([status, part]) => [
              status,
              toAnswer(status, part),
            ]),
          ),
        }
      : {}),
  };
}
