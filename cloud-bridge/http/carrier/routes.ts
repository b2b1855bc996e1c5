/** The carrier's routes: its own deliveries and nothing else. */

import { checkScope, findCarrier } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { addDelivery } from './add-delivery.ts';
import { addTaskLink } from './add-task-link.ts';
import { answerOfDispute } from './answer-dispute.ts';
import { assignDelivery } from './assign-delivery.ts';
import { cancelDelivery } from './cancel-delivery.ts';
import { carrierEvents } from './carrier-events.ts';
import { collectableDelivery } from './collectable-delivery.ts';
import { carrierPictures } from './pictures.ts';
import { showDelivery } from './show-delivery.ts';
import { showEvidence } from './show-evidence.ts';
import { showSandbox } from './show-sandbox.ts';
import { startDelivery } from './start-delivery.ts';
import { webhookLog } from './webhook-log.ts';
import { webhookRoutes } from './webhooks.ts';

export function carrierRoutes(app: App, parts: HttpParts): void {
  app.decorateRequest('carrier');
  app.addHook('onRequest', async (request) => {
    const holder = await findCarrier(parts, request);
    parts.charge(`carrier:${holder.carrier.id}`);
    checkScope(holder, request);
    request.setDecorator('carrier', holder.carrier);
  });
  addDelivery(app, parts);
  showDelivery(app, parts);
  showEvidence(app, parts);
  addTaskLink(app, parts);
  assignDelivery(app, parts);
  startDelivery(app, parts);
  cancelDelivery(app, parts);
  collectableDelivery(app, parts);
  answerOfDispute(app, parts);
  carrierPictures(app, parts);
  carrierEvents(app, parts);
  showSandbox(app, parts);
  webhookRoutes(app, parts);
  webhookLog(app, parts);
}
