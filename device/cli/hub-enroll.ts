/** `doorward hub enroll`: makes this hub's keys and gets its certificate with a one-time token. */
import { Fault } from '../../wire/faults.ts';
import { systemClock } from '../clock/clock.ts';
import { enrol } from '../enrol/enrol.ts';
import { openSecrets } from '../secrets/open.ts';
import { keySays } from '../secrets/secrets.ts';
import { type Command, textFlag } from './command.ts';
import { settingOf } from './setting.ts';

export const hubEnroll: Command = {
  noun: 'hub',
  verb: 'enroll',
  says: 'Enrol this hub with a cloud, once.',
  args: [],
  flags: (jack) =>
    jack.opt({
      cloud: { hint: 'url', description: 'Address of the cloud.' },
      token: { hint: 'token', description: 'One-time token from the operator.' },
      root: {
        hint: 'sha-256',
        description: 'Fingerprint of the root set, which the operator told you by another way.',
      },
    }),
  run: async (context) => {
    const config = settingOf(context);
    const [cloud, token, rootHash] = ['cloud', 'token', 'root'].map((name) => textFlag(context, name));
    if (cloud === undefined || token === undefined || rootHash === undefined) {
      throw new Fault('USAGE', { why: 'give --cloud, --token and --root' });
    }
    context.say('Making keys and asking the cloud for a certificate …');
    const secrets = openSecrets(config.dataDir);
    const done = await enrol({ dataDir: config.dataDir, secrets, cloud, token, rootHash, nowMs: systemClock.now() });
    const sealed = await secrets.keptBy();
    context.say(`Its keys are sealed under ${sealed === undefined ? 'nothing' : keySays[sealed]}.`);
    context.answer(`Enrolled as ${done.hub}. Next: doorward hub run`, {
      ok: true,
      ...done,
      secrets: sealed ?? 'plain',
    });
  },
};
