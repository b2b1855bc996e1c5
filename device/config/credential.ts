/** The credential that systemd hands to the hub's service. */
import { join } from 'node:path';

/** @returns where the key of the secrets would lie, or undefined when this was not started with credentials. @see systemd.exec(5), LoadCredential= */
export const credentialPath = (): string | undefined => {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  return folder === undefined || folder === '' ? undefined : join(folder, 'doorward-key');
};
