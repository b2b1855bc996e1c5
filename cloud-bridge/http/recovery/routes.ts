/** What a device uses that has lost its home and has a printed code: no account, no proof but what the code has signed. */
import type { App, HttpParts } from '../parts.ts';
import { askForRecovery } from './ask-recovery.ts';
import { showRecoveryCode } from './show-code.ts';
import { showRecovery } from './show-recovery.ts';

export function recoveryRoutes(app: App, parts: HttpParts): void {
  showRecoveryCode(app, parts);
  askForRecovery(app, parts);
  showRecovery(app, parts);
}
