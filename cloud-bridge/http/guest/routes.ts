/** The guest's routes: the token of an invitation in the path, and a proof by the device that it is bound to. */
import type { App, HttpParts } from '../parts.ts';
import { linkRoutes } from '../visit/link-routes.ts';
import { askForVisit } from './ask-for-visit.ts';
import { claimInvitation } from './claim-invitation.ts';
import { ownGuestLink } from './own-guest.ts';
import { previewInvitation } from './preview-invitation.ts';
import { showDoors } from './show-doors.ts';

export function guestRoutes(app: App, parts: HttpParts): void {
  previewInvitation(app, parts);
  claimInvitation(app, parts);
  showDoors(app, parts);
  askForVisit(app, parts);
  linkRoutes(app, parts, { path: '/v1/guests', own: ownGuestLink });
}
