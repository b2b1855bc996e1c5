/** What every route of the HTTP server is handed. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Parts } from '../parts.ts';
import type { ValibotProvider } from './schemas.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ValibotProvider
>;

export interface HttpParts extends Parts {
  /** Counts a request of a caller who has proven who he is. @throws Fault RATE_LIMITED */
  readonly charge: (caller: string) => void;
}

/** Bodies are small; a route that takes more says so. */
export const defaultBodyBytes = 8_192;
