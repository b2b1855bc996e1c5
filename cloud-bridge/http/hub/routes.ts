/** What a hub, its installer and an owner's phone use before they have an account: a token or a secret proves each. */
import type { App, HttpParts } from '../parts.ts';
import { askForDevice } from './ask-for-device.ts';
import { claimHandover } from './claim-handover.ts';
import { enrolHub } from './enrol-hub.ts';

export function hubRoutes(app: App, parts: HttpParts): void {
  enrolHub(app, parts);
  claimHandover(app, parts);
  askForDevice(app, parts);
}
