/** The routes of accounts: every one is proven by the key of the device that asks, so that a session is nothing that could be stolen. */
import { type RelyingParty, relyingPartyOf } from '../../account/relying-party.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { askChallenge } from './ask-challenge.ts';
import { endPasskey } from './end-passkey.ts';
import { endSession } from './end-session.ts';
import { logInDevice } from './log-in-device.ts';
import { makePasskey } from './make-passkey.ts';
import { showOwnAccount } from './show-own-account.ts';

export function accountRoutes(app: App, parts: HttpParts): void {
  const found = relyingPartyOf(parts.config);
  // Without pages there is nobody to log in; a route that answers NOT_FOUND says the same as none.
  const none: RelyingParty = { id: '', origins: [] };
  const account = { ...parts, party: found.ok ? found.value : none };
  app.decorateRequest('device');
  app.addHook('onRequest', async (request) => {
    orProblem(found);
    const device = await proveDevice(parts, request);
    parts.charge(`device:${device}`);
    request.setDecorator('device', device);
  });
  askChallenge(app, account);
  makePasskey(app, account);
  logInDevice(app, account);
  showOwnAccount(app, account);
  endSession(app, account);
  endPasskey(app, account);
}
