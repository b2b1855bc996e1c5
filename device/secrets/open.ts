/** Opens the secrets of the hub that has this data folder. */
import { join } from 'node:path';
import { credentialPath } from '../config/credential.ts';
import { ownFolder } from './own-folder.ts';
import { type SealedSecrets, sealedSecrets } from './sealed.ts';
import { systemdTpm } from './tpm.ts';

/** Touches nothing yet. The key comes from systemd's credential `doorward-key`, else from a TPM, else from a file beside the secrets. */
export const openSecrets = (dataDir: string): SealedSecrets =>
  sealedSecrets({ folder: ownFolder(join(dataDir, 'secrets')), credential: credentialPath(), tpm: systemdTpm() });
