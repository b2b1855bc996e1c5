/** The owner's routes: every one asks for a proof by a device that is pinned at the home's hub. */

import { findOwner } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { addGuest } from './add-guest.ts';
import { addLiveTicket } from './add-live-ticket.ts';
import { acknowledgeAlarm, listAlarms } from './alarms.ts';
import { casePictures, cases } from './cases.ts';
import { putDoorHint, removeDoorHint, showDoorHint } from './door-hint.ts';
import { homeEvents } from './home-events.ts';
import { putHomeNotes, showHomeNotes } from './home-notes.ts';
import { listCarriers } from './list-carriers.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listDocuments } from './list-documents.ts';
import { listGrants } from './list-grants.ts';
import { listGuests } from './list-guests.ts';
import { listRecordings } from './list-recordings.ts';
import { listRecoveries } from './list-recoveries.ts';
import { noticeMail, notifications, testNotification } from './notifications.ts';
import { orderLock } from './order-lock.ts';
import { putDocument } from './put-document.ts';
import { readJournal } from './read-journal.ts';
import { readRecording } from './read-recording.ts';
import { listShares, shareRecording } from './share-recording.ts';
import { showHome } from './show-home.ts';
import { showHomeVisit } from './show-home-visit.ts';
import { showHub } from './show-hub.ts';

export function ownerRoutes(app: App, parts: HttpParts): void {
  app.decorateRequest('owner');
  app.addHook('onRequest', async (request) => {
    const { home } = request.params as { home?: string };
    const owner = await findOwner(parts, request, home ?? '');
    parts.charge(`owner:${owner.jkt}`);
    request.setDecorator('owner', owner);
  });
  showHome(app, parts);
  showHub(app, parts);
  showHomeNotes(app, parts);
  putHomeNotes(app, parts);
  putDocument(app, parts);
  listDocuments(app, parts);
  listCarriers(app, parts);
  listDeliveries(app, parts);
  listGrants(app, parts);
  readJournal(app, parts);
  showHomeVisit(app, parts);
  homeEvents(app, parts);
  addGuest(app, parts);
  listGuests(app, parts);
  putDoorHint(app, parts);
  showDoorHint(app, parts);
  removeDoorHint(app, parts);
  orderLock(app, parts);
  addLiveTicket(app, parts);
  listRecordings(app, parts);
  listRecoveries(app, parts);
  readRecording(app, parts);
  shareRecording(app, parts);
  listShares(app, parts);
  notifications(app, parts);
  noticeMail(app, parts);
  testNotification(app, parts);
  listAlarms(app, parts);
  acknowledgeAlarm(app, parts);
  cases(app, parts);
  casePictures(app, parts);
}
