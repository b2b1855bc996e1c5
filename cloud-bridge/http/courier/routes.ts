/** The courier's routes: the token of a task link in the path, and a proof by the device that claimed it. */
import type { App, HttpParts } from '../parts.ts';
import { linkRoutes } from '../visit/link-routes.ts';
import { claimLink } from './claim-link.ts';
import { ownEvidence } from './own-evidence.ts';
import { ownTask } from './own-task.ts';
import { putPhoto, showPhotoKeys, takeAtDoor } from './photo.ts';
import { previewTask } from './preview-task.ts';
import { actInStop, showStop } from './stop.ts';

export function courierRoutes(app: App, parts: HttpParts): void {
  previewTask(app, parts);
  claimLink(app, parts);
  showStop(app, parts);
  actInStop(app, parts);
  showPhotoKeys(app, parts);
  putPhoto(app, parts);
  takeAtDoor(app, parts);
  linkRoutes(app, parts, { path: '/v1/tasks', own: ownTask });
  ownEvidence(app, parts);
}
