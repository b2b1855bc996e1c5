/** The operator's routes: homes, enrolment tokens, carriers, hubs. No personal data. */

import { checkOperator } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { addCarrier } from './add-carrier.ts';
import { addEnrolmentToken } from './add-enrolment-token.ts';
import { addHome } from './add-home.ts';
import { listHubs } from './list-hubs.ts';
import { resetCarrierSecrets } from './reset-secrets.ts';
import { supportStaff } from './support-staff.ts';

export function operatorRoutes(app: App, parts: HttpParts): void {
  app.addHook('onRequest', async (request) => {
    checkOperator(parts, request);
    parts.charge('operator');
  });
  addHome(app, parts);
  addEnrolmentToken(app, parts);
  addCarrier(app, parts);
  resetCarrierSecrets(app, parts);
  listHubs(app, parts);
  supportStaff(app, parts);
}
