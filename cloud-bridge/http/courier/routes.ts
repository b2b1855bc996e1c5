/** The courier's routes: the token of a task link in the path, and a proof by the device that claimed it. */
import type { App, HttpParts } from '../parts.ts';
import { actInVisit } from './act-in-visit.ts';
import { claimLink } from './claim-link.ts';
import { prepare } from './prepare.ts';
import { previewTask } from './preview-task.ts';
import { showGrant } from './show-grant.ts';
import { showVisit } from './show-visit.ts';

export function courierRoutes(app: App, parts: HttpParts): void {
  previewTask(app, parts);
  claimLink(app, parts);
  showGrant(app, parts);
  prepare(app, parts);
  showVisit(app, parts);
  actInVisit(app, parts);
}
