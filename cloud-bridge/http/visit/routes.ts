/** The routes of a visit, whoever visits: a proof by the device that the grant is bound to. */
import type { App, HttpParts } from '../parts.ts';
import { actInVisit } from './act-in-visit.ts';
import { showVisit } from './show-visit.ts';

export function visitRoutes(app: App, parts: HttpParts): void {
  showVisit(app, parts);
  actInVisit(app, parts);
}
