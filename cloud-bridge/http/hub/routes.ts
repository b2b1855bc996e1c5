/** What a hub, its installer and the first owner's phone use before they have an account: a token or a secret proves each. */
import type { App, HttpParts } from '../app.ts';
import { claimHandover } from './claim-handover.ts';
import { enrolHub } from './enrol-hub.ts';

export function hubRoutes(app: App, parts: HttpParts): void {
  enrolHub(app, parts);
  claimHandover(app, parts);
}
