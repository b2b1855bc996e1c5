/** What a courier's task link and a guest's link have in common: a token in the path, a device that it is bound to, a grant, a visit. */
import type { FastifyRequest } from 'fastify';
import type { OwnLink } from '../../visit/prepare.ts';
import type { App, HttpParts } from '../parts.ts';
import { doorHint } from './door-hint.ts';
import { prepare } from './prepare.ts';
import { showGrant } from './show-grant.ts';

export interface LinkRoutes {
  /** `/v1/tasks` */
  readonly path: string;
  /** Finds the link of the device that calls. @throws Fault when it is not bound to it */
  readonly own: (parts: HttpParts, request: FastifyRequest, token: string) => Promise<OwnLink>;
}

/** From the link to the visit. */
export function linkRoutes(app: App, parts: HttpParts, routes: LinkRoutes): void {
  showGrant(app, parts, routes);
  prepare(app, parts, routes);
  doorHint(app, parts, routes);
}
