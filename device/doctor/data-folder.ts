/** Can the hub use its data folder, and nobody else? */
import { access, constants, stat } from 'node:fs/promises';
import { type Finding, fail, ok, warn } from './finding.ts';

export async function checkDataFolder(dir: string): Promise<Finding> {
  const check = 'data folder';
  const found = await stat(dir).catch(() => undefined);
  if (found === undefined) {
    return warn(check, `${dir} is not there yet`, 'Enrolling makes it: doorward hub enroll. Or correct dataDir.');
  }
  if (!found.isDirectory()) return fail(check, 'CONFIG_INVALID', `${dir} is no folder`, 'Correct dataDir.');
  const self = process.geteuid?.();
  if (self !== undefined && found.uid !== self) {
    const fix = 'Run this as the user of the hub, or give that user the folder: chown -R USER FOLDER.';
    return fail(check, 'JOURNAL_UNAVAILABLE', `${dir} belongs to another user (${found.uid}, this is ${self})`, fix);
  }
  const canWrite = await access(dir, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!canWrite)
    return fail(check, 'JOURNAL_UNAVAILABLE', `${dir} cannot be written`, 'chmod u=rwx it, or mount it to be written.');
  if ((found.mode & 0o022) !== 0) {
    return fail(
      check,
      'SECRET_MISSING',
      `others may write in ${dir}`,
      `chmod go= ${dir}, then look what changed in it.`,
    );
  }
  if ((found.mode & 0o055) !== 0) return warn(check, `others may look into ${dir}`, `chmod go= ${dir}`);
  return ok(check, `${dir}, for this user alone`);
}
