import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import {
  type Invitation,
  proveInvitation,
  readInvitation,
  toInvitation,
  verifyInvited,
} from '../../wire/invitation.ts';
import { newId, thumbprintOf } from '../../wire/jws.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import { newCast, newSealJwk } from '../support/keys.ts';

const cast = await newCast();
const sign = cast.owner.sign.jwk as EcJwk;
const seal = newSealJwk();
const invitation: Invitation = {
  api: 'https://api.example',
  home: newId(),
  hub: cast.hubId,
  hubKey: cast.hub.kid,
  secret: newId(),
};

t.test('the fragment of a link is read back', async (t) => {
  const fragment = toInvitation(invitation);
  t.match(fragment, /^#invite=[\w-]+$/);
  t.same(readInvitation(fragment), { ok: true, value: invitation });
});

t.test('any other fragment is malformed', async (t) => {
  const good = toInvitation(invitation);
  const of = (json: unknown): string => `#invite=${Buffer.from(JSON.stringify(json)).toString('base64url')}`;
  const wrong = [
    '',
    good.slice(1),
    good.slice(0, -4),
    `${good}!`,
    good.repeat(9),
    of([]),
    of({ ...invitation, api: 'javascript:alert(1)' }),
    of({ ...invitation, api: 'https://api.example/path' }),
    of({ ...invitation, secret: 'short' }),
    of({ ...invitation, more: 1 }),
  ];
  for (const fragment of wrong)
    t.match(readInvitation(fragment), { code: 'HANDOVER_MALFORMED' }, fragment.slice(0, 40));
});

t.test('a proof is an HMAC of the secret over both thumbprints', async (t) => {
  const said = `${thumbprintOf(sign)}.${thumbprintOf(seal)}`;
  const expected = createHmac('sha256', Buffer.from(invitation.secret, 'base64url')).update(said).digest('base64url');
  t.equal(await proveInvitation(invitation.secret, { sign, seal }), expected);
});

t.test('a proof holds for this secret and these keys, and for no other', async (t) => {
  const proof = await proveInvitation(invitation.secret, { sign, seal });
  const wrong = { code: 'HANDOVER_NOT_GENUINE' };
  t.same(await verifyInvited(invitation.secret, { sign, seal, proof }), { ok: true, value: { sign, seal, proof } });
  t.match(await verifyInvited(newId(), { sign, seal, proof }), wrong);
  t.match(await verifyInvited(invitation.secret, { sign: newSealJwk(), seal, proof }), wrong, 'a key slipped in');
  t.match(await verifyInvited(invitation.secret, { sign, seal: newSealJwk(), proof }), wrong);
  t.match(await verifyInvited(invitation.secret, { sign: seal, seal: sign, proof }), wrong, 'keys swapped');
  t.match(await verifyInvited(invitation.secret, { sign, seal, proof: '' }), wrong);
});

t.test('it runs in a browser: nothing of Node is imported', async (t) => {
  for (const file of ['invitation', 'media', 'shapes', 'faults']) {
    t.notMatch(readFileSync(new URL(`../../wire/${file}.ts`, import.meta.url), 'utf8'), /from 'node:/, file);
  }
});
