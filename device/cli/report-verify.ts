/** `doorward report verify`: checks a commissioning report, on this hub or on any machine. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type CommissioningClaims, verifyCommissioning } from '../../wire/commissioning.ts';
import { Fault } from '../../wire/faults.ts';
import { kidOf, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { Hash, OkpJwk } from '../../wire/shapes.ts';
import { type Command, type CommandContext, textFlag } from './command.ts';
import { keysOf } from './kept.ts';
import { settingOf } from './setting.ts';

/** @throws Fault NOT_FOUND */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Fault('NOT_FOUND', { path }, { cause });
  }
}

/** The `x` of an Ed25519 key, its JWK, or a file with either. @throws Fault USAGE, NOT_FOUND */
async function givenKey(text: string): Promise<VerifyKey> {
  const isKey = text.startsWith('{') || v.is(Hash, text);
  const written = isKey ? text : read(text);
  let jwk: unknown = { kty: 'OKP', crv: 'Ed25519', x: written };
  try {
    if (written.startsWith('{')) jwk = JSON.parse(written);
    return await toVerifyKey(v.parse(OkpJwk, jwk));
  } catch (cause) {
    throw new Fault(
      'USAGE',
      { why: '--key is the public key of a hub: its x, its JWK, or a file with either' },
      { cause },
    );
  }
}

async function keyFor(context: CommandContext, report: string): Promise<VerifyKey> {
  const given = textFlag(context, 'key');
  if (given === undefined) return (await keysOf(settingOf(context))).sign;
  if (given === kidOf(report)) {
    throw new Fault('USAGE', { why: '--key is the key itself; this is its thumbprint' });
  }
  return givenKey(given);
}

function text(claims: CommissioningClaims, key: VerifyKey): string {
  const { iss, door, heldBy, identity, batteryPercent, startedAt, steps, outcome, proof, installer, software } = claims;
  const sees = [claims.seesDoor ? 'contact' : 'no contact', claims.seesBolt ? 'bolt seen' : 'bolt not seen'];
  const rows: readonly (readonly [string, string])[] = [
    ['hub', `${iss}, ${software}`],
    ['door', `${door}, ${heldBy}, ${sees.join(', ')}`],
    ['lock', `${identity ?? 'not named'}${batteryPercent === undefined ? '' : `, battery ${batteryPercent} %`}`],
    ['when', new Date(startedAt).toISOString()],
    ['by', installer ?? 'not named'],
    ['steps', steps.map(({ step, afterMs }) => `${step} ${(afterMs / 1000).toFixed(1)} s`).join(', ')],
    ['ended', `${outcome}, ${proof}`],
    ['key', key.jwk.x],
  ];
  return ['The report is genuine.', ...rows.map(([what, says]) => `  ${what.padEnd(6)} ${says}`)].join('\n');
}

export const reportVerify: Command = {
  noun: 'report',
  verb: 'verify',
  says: "Check a commissioning report against a hub's key: this hub's, or the one that is given.",
  args: ['file'],
  flags: (jack) =>
    jack.opt({
      key: {
        hint: 'key',
        description: 'Public key of the hub, as this command shows it on the hub; its JWK, or a file with either.',
      },
    }),
  run: async (context) => {
    const report = read(context.args[0]!);
    const key = await keyFor(context, report);
    const verdict = await verifyCommissioning(report, key);
    if (!verdict.ok) throw new Fault(verdict.code, verdict.detail ?? {});
    context.answer(text(verdict.value, key), { ok: true, ...verdict.value, key: key.jwk });
  },
};
