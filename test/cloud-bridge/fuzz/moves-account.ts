/** Accounts: credentials that are changed under the proof of a device that may ask. */
import type { SignKey } from '../../../wire/jws.ts';
import { newSoftPasskey } from '../../support/soft-passkey.ts';
import { newSignKey } from '../support/keys.ts';
import type { Move } from './moves-documents.ts';
import { mutateJson } from './mutate.ts';
import type { Random } from './random.ts';
import type { HttpAnswer, Street } from './street.ts';

const own = newSoftPasskey();
const lies = [
  { flags: 0x01 },
  { flags: 0x04 },
  { rp: 'evil.example' },
  { origin: 'https://evil.example' },
  { over: 'x' },
];

async function begin(street: Street, device: SignKey, purpose: string): Promise<string> {
  const { body } = await street.as(device, 'POST', '/v1/account/challenges', { for: purpose });
  return body.challenge;
}

/** A body of which one thing is changed: what was signed, or how it is written. */
const changed = (random: Random, good: (lie: object) => object): unknown =>
  random.below(2) === 0 ? good(random.pick(lies)) : mutateJson(random, good({}));

export const accountMoves: readonly Move[] = [
  {
    name: 'account: a passkey changed anywhere',
    signedAgain: true,
    play: async (street, random): Promise<readonly HttpAnswer[]> => {
      const device = await newSignKey('ES256');
      const challenge = await begin(street, device, 'register');
      const body = changed(random, (lie) => newSoftPasskey().made(challenge, lie));
      return [await street.as(device, 'POST', '/v1/account', body)];
    },
  },
  {
    name: 'account: an answer changed anywhere',
    signedAgain: true,
    play: async (street, random) => {
      const device = await newSignKey('ES256');
      const challenge = await begin(street, device, 'log-in');
      const body = changed(random, (lie) => own.answered(challenge, lie));
      return [await street.as(device, 'POST', '/v1/account/log-ins', body)];
    },
  },
  {
    name: 'account: not logged in',
    signedAgain: true,
    play: async (street, random) => {
      const [path, body] = random.pick([
        ['/session-ends', { which: 'all' }],
        ['/passkey-ends', { passkey: own.passkey.id }],
        ['/challenges', { for: 'add' }],
      ] as const);
      return [await street.as(street.stranger, 'POST', `/v1/account${path}`, body)];
    },
  },
];
