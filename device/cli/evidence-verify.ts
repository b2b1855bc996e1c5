/** `doorward evidence verify`: checks the evidence of one delivery on any machine, without asking anybody. */
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { maxPackChars } from '../../wire/evidence.ts';
import { Fault } from '../../wire/faults.ts';
import { Hash } from '../../wire/shapes.ts';
import type { StopReceiptClaims, unproven } from '../../wire/stop-receipt.ts';
import { type Evidence, verifyEvidence } from '../../wire/verify-evidence.ts';
import { type Command, textFlag } from './command.ts';

/** No more of it than a pack can have. @throws Fault NOT_FOUND, EVIDENCE_MALFORMED */
async function read(path: string): Promise<string> {
  const file = await open(path).catch((cause) => {
    throw new Fault('NOT_FOUND', { path }, { cause });
  });
  try {
    const { size } = await file.stat();
    if (size > maxPackChars) throw new Fault('EVIDENCE_MALFORMED', { path, why: 'size' });
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const received: Readonly<Record<StopReceiptClaims['receiver']['proven'], string>> = {
  'code-holder': 'somebody who had the code',
  'recipient-device': "an owner's device said so",
  nobody: 'nobody in person',
};

const presenceSays: Readonly<Record<StopReceiptClaims['handover']['presence'], string>> = {
  none: 'never said to be there',
  said: "the courier's device said so",
  someone: "the courier's device said so, and the hub felt somebody at the door, perhaps another courier",
  near: "the courier's device said so, and that it was near; that can be forged",
  felt: "the courier's device said so, and the hub felt the doorbell or keypad while no other courier was there",
  heard: "the hub heard, at the door, the number of the courier's device",
};

const lacks: Readonly<Record<(typeof unproven)[number], string>> = {
  receiver: 'who received',
  place: 'where it lies',
  presence: 'that the courier was at the home',
  ring: 'that somebody rang',
  wait: 'that somebody waited',
  photo: 'how it lay there: no photo',
  door: 'how the door was left',
  contents: 'what was in the parcel: nobody looked',
  condition: 'in which condition it was',
};

const timeOf = (ms: number | undefined): string => (ms === undefined ? 'not recorded' : new Date(ms).toISOString());

function text({ receipt, seal, visit, acts, assignment, keys, rootHash }: Evidence, isKnown: boolean): string {
  const { receiver, handover, end, place, notProven } = receipt;
  const rows: readonly (readonly [string, string])[] = [
    ['delivery', `${receipt.delivery}, attempt ${receipt.attempt} of ${receipt.day}, by ${receipt.carrier}`],
    ['ended', `${end}${place === undefined ? '' : `, ${place}`}, ${timeOf(handover.endedAt)}`],
    ['receiver', `${received[receiver.proven]}; ${receiver.wrongEntries} wrong codes`],
    ['arrived', `${timeOf(handover.arrivedAt)}: ${presenceSays[handover.presence]}`],
    ['rang', timeOf(handover.rangAt)],
    [
      'photo',
      `${handover.photo ?? 'none'}${seal?.saw.photo === undefined ? '' : ', taken by the hub itself: hub-photo'}`,
    ],
    [
      'door',
      receipt.visit === undefined
        ? 'not opened'
        : `${receipt.visit.proof}${visit === undefined ? "; the hub's receipt is missing here" : ''}`,
    ],
    [
      'hub',
      seal === undefined
        ? 'has not said yet what it saw'
        : `saw ${[seal.saw.visit === undefined ? '' : 'the visit', seal.saw.presence].filter(Boolean).join(', ')}`,
    ],
    [
      'acts',
      [
        ...(acts.length === 0 ? [] : [`${acts.map(({ act }) => act).join(', ')}, signed by ${handover.jkt}`]),
        ...(acts.length < receipt.acts.length ? [`${receipt.acts.length - acts.length} that are kept no more`] : []),
      ].join('; ') || 'none',
    ],
    ['carrier', assignment === undefined ? 'signed nothing here' : `signed for this device with ${keys.carrier}`],
    ['signed', `by the cloud with ${keys.cloud}, by the hub with ${keys.hub}`],
    [
      'root',
      `${rootHash}${isKnown ? ', as you gave it' : ': compare it with the published one, or give it as --root'}`,
    ],
  ];
  return [
    'The evidence is whole: every signature holds, and all of it is about this stop.',
    ...rows.map(([what, says]) => `  ${what.padEnd(8)} ${says}`),
    'Not proven:',
    ...notProven.map((what) => `  ${lacks[what]}`),
  ].join('\n');
}

export const evidenceVerify: Command = {
  noun: 'evidence',
  verb: 'verify',
  says: 'Check the evidence of a delivery: what is proven, what is not, and by whose signature.',
  args: ['file'],
  flags: (jack) =>
    jack.opt({ root: { hint: 'hash', description: 'Hash of the first root set, as Doorward publishes it.' } }),
  run: async (context) => {
    const root = textFlag(context, 'root');
    if (root !== undefined && !v.is(Hash, root)) throw new Fault('USAGE', { why: '--root is a hash of 43 characters' });
    const verdict = await verifyEvidence(await read(context.args[0]!), root === undefined ? {} : { root });
    if (!verdict.ok) throw new Fault(verdict.code, verdict.detail ?? {});
    context.answer(text(verdict.value, root !== undefined), { ok: true, ...verdict.value });
  },
};
