/** The OpenAPI document of a cloud, as it serves it. */
import type { Test } from 'tap';
import { faults } from '../../wire/faults.ts';
import { ask, makeWorld } from '../cloud-bridge/support/world.ts';

/** JSON Schema, as far as the document uses it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly description?: string;
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: Body & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Body & { readonly description?: string }>>;
}

export interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: { readonly securitySchemes: Readonly<Record<string, { readonly type: string }>> };
}

export async function documentOf(t: Pick<Test, 'teardown'>): Promise<Document> {
  const world = await makeWorld(t as Test, { broker: false });
  return (await ask(world.cloud, 'GET', '/openapi.json')).body as Document;
}

/** What a carrier may call, each with its method and path. */
export const carrierOperations = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags?.includes('carrier'))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** What a carrier may be refused with: by the names of what it deals with. */
const ofCarriers =
  /^(ASSIGNMENT|BODY|CLIENT|DELIVERY|IDEMPOTENCY|TASK|WEBHOOK)S?_|^(INTERNAL|NOT_FOUND|DISPUTE_NOT_OPEN|RATE_LIMITED|SCOPE_MISSING|STORE_UNAVAILABLE|UNAUTHENTICATED)$/;
export const carrierCodes = Object.keys(faults).filter((code) => ofCarriers.test(code));
