/** Writes the TypeScript types of the client from the OpenAPI document: what each operation takes and answers, events, problem codes. */
import { carrierOperations, type Document, type JsonSchema, type Operation } from './document.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
const nameOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name));
const literal = (value: unknown): string => (typeof value === 'string' ? quote(value) : String(value));

function toObject({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const entries = Object.entries(properties);
  if (entries.length === 0) {
    const value = typeof additionalProperties === 'object' ? toType(additionalProperties) : 'unknown';
    return additionalProperties === false ? 'Record<string, never>' : `Readonly<Record<string, ${value}>>`;
  }
  const fields = entries.map(([name, schema]) => {
    const comment = schema.description === undefined ? '' : `/** ${schema.description} */\n`;
    return `${comment}readonly ${nameOf(name)}${required.includes(name) ? '' : '?'}: ${toType(schema)};`;
  });
  return `{ ${fields.join('\n')} }`;
}

/** @returns the type as TypeScript writes it. What a type cannot say (lengths, patterns) the service checks */
export function toType(schema: JsonSchema): string {
  if ('const' in schema) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) {
    const types = new Set(union.map(toType));
    // A name among all texts says nothing more than a text.
    const isText = union.some((one) => one.type === 'string' && one.enum === undefined && !('const' in one));
    const kept = isText ? [...types].filter((one) => !one.startsWith("'")) : [...types];
    return kept.join(' | ');
  }
  if (schema.allOf !== undefined) return schema.allOf.map((one) => `(${toType(one)})`).join(' & ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      if (schema.prefixItems !== undefined) return `readonly [${schema.prefixItems.map(toType).join(', ')}]`;
      return typeof schema.items === 'object' ? `readonly (${toType(schema.items)})[]` : 'readonly unknown[]';
    case 'object':
      return toObject(schema);
    default:
      return 'unknown';
  }
}

const jsonOf = (body: { readonly content?: Operation['responses'][string]['content'] } | undefined) =>
  body?.content?.['application/json']?.schema;

function parametersOf({ parameters = [] }: Operation, at: string): string {
  const those = parameters.filter((one) => one.in === at);
  const fields = those.map(({ name, required }) => `readonly ${nameOf(name)}${required ? '' : '?'}: string | number;`);
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join(' ')} }`;
}

/** Operations that a client calls with a token and JSON: not the token itself, not the stream. */
const called = (document: Document) =>
  carrierOperations(document).filter(({ operation }) =>
    operation.security?.some(
      (one) => 'oauth2' in one && !('text/event-stream' in (operation.responses['200']?.content ?? {})),
    ),
  );

/** @param codes  of all problems */
export function toTypes(document: Document, codes: readonly string[]): string {
  const operations = called(document).map(({ method, path, operation }) => {
    const good = Object.entries(operation.responses).find(([status]) => /^2\d\d$/.test(status))?.[1];
    const body = jsonOf(operation.requestBody);
    const once = operation.parameters?.some((one) => one.name === 'idempotency-key') ?? false;
    return {
      id: operation.operationId ?? '',
      type: `/** ${operation.summary} */
  readonly ${operation.operationId}: {
    readonly params: ${parametersOf(operation, 'path')};
    readonly query: ${parametersOf(operation, 'query')};
    readonly body: ${body === undefined ? 'undefined' : toType(body)};
    readonly answer: ${toType(jsonOf(good) ?? {})};
  };`,
      value: `${operation.operationId}: { method: ${quote(method)}, path: ${quote(path)}, once: ${once} },`,
    };
  });
  const events = Object.entries(document.webhooks).map(([type, { post }]) => {
    const data = jsonOf(post.requestBody)?.properties?.data ?? {};
    return `/** ${post.summary} */\n  readonly ${quote(type)}: ${toType(data)};`;
  });
  return `/** Made from the OpenAPI document by \`npm run client\`: do not edit. */

/** What each operation takes and answers. */
export interface Operations {
  ${operations.map(({ type }) => type).join('\n  ')}
}

/** How each is asked. */
export const operations = {
  ${operations.map(({ value }) => value).join('\n  ')}
} as const satisfies { readonly [O in keyof Operations]: object };

/** What you are told, by stream and webhook. Others may be added: ignore what you do not know. */
export interface Events {
  ${events.join('\n  ')}
}

/** Codes of problems that a carrier meets. Others may be added: go by \`retry\` where you do not know one. */
export type ProblemCode =
  ${codes.map((code) => `| ${quote(code)}`).join('\n  ')}
  | (string & Record<never, never>);
`;
}
