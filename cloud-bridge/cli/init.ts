/** `doorward-cloud init`: fills a new data folder. */
import { join, resolve } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import { isInstanceId } from '../../wire/topics.ts';
import { install } from '../config/install.ts';
import { type Command, type CommandContext, listFlag, numberFlag, textFlag } from './command.ts';

function dataDirOf(context: CommandContext): string {
  const dataDir = textFlag(context, 'data');
  if (dataDir === undefined) throw new Fault('USAGE', { why: 'name the folder with --data' });
  return resolve(dataDir);
}

function instanceOf(context: CommandContext): string {
  const instance = `cloud-${textFlag(context, 'name') ?? '1'}`;
  if (!isInstanceId(instance)) throw new Fault('USAGE', { why: '--name is 1 to 24 of a-z, 0-9 and -' });
  return instance;
}

export const init: Command = {
  name: 'init',
  says: 'Make keys, certificates and signed sets for a new installation. What is there stays.',
  flags: (jack) =>
    jack
      .opt({
        data: { hint: 'dir', description: 'Data folder of the service.' },
        offline: {
          hint: 'dir',
          description: 'Where root keys and the operator token go, to be taken away; else offline/ in the data folder.',
        },
        name: { hint: 'name', description: 'Name of this instance, after "cloud-"; else 1.' },
        issuer: { hint: 'name', description: 'Name of the issuer in grants; else doorward.' },
      })
      .optList({
        'broker-name': { hint: 'name', description: 'DNS name or IP address of the broker, beside localhost.' },
      })
      .num({
        roots: { hint: 'n', description: 'How many root keys, 1 to 5; else 3.' },
        threshold: { hint: 'n', description: 'How many root keys have to sign; else 2.' },
      }),
  run: async (context) => {
    const dataDir = dataDirOf(context);
    const offlineDir = resolve(textFlag(context, 'offline') ?? join(dataDir, 'offline'));
    const { rootHash, operatorToken, fresh, mediaAdded, pushAdded, vaultAdded, codeAdded } = await install({
      dataDir,
      offlineDir,
      brokerNames: listFlag(context, 'broker-name'),
      instance: instanceOf(context),
      issuer: textFlag(context, 'issuer') ?? 'doorward',
      rootCount: numberFlag(context, 'roots') ?? 3,
      threshold: numberFlag(context, 'threshold') ?? 2,
      nowMs: Date.now(),
    });
    const added = [
      ...(mediaAdded ? ['key and certificate of the media link'] : []),
      ...(pushAdded ? ['keys for push messages'] : []),
      ...(vaultAdded ? ['key of the vault'] : []),
      ...(codeAdded ? ['key of the hand-over codes'] : []),
    ].join(', ');
    const before =
      added === ''
        ? `Everything was there already in ${dataDir}.`
        : `Added ${added} in ${dataDir}; the rest was there already.`;
    const lines = [
      fresh ? `Installed in ${dataDir}.` : before,
      `Root set: ${rootHash} (installers compare this)`,
      operatorToken === undefined ? 'The operator token has been taken away.' : `Operator token: ${operatorToken}`,
      `Take ${offlineDir} away and keep it offline: whoever has the root keys makes issuers.`,
    ];
    context.answer(lines.join('\n'), {
      ok: true,
      dataDir,
      offlineDir,
      rootHash,
      operatorToken: operatorToken ?? null,
      fresh,
      mediaAdded,
      pushAdded,
      vaultAdded,
      codeAdded,
    });
  },
};
