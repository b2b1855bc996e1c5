import t from 'tap';
import type { Api } from '../../../../cloud-bridge/pages/owner/device/api.ts';
import { makeDeviceKeys } from '../../../../cloud-bridge/pages/owner/device/keys.ts';
import { claimHome } from '../../../../cloud-bridge/pages/owner/home/claim.ts';
import type { Verdict } from '../../../../wire/faults.ts';
import { type HandoverClaim, proveHandover } from '../../../../wire/handover.ts';
import { newId, type SignKey, signDocument } from '../../../../wire/jws.ts';
import { ownerListForm } from '../../../../wire/owner.ts';
import type { OwnerDevice } from '../../../../wire/owner-device.ts';
import type { EcJwk } from '../../../../wire/shapes.ts';
import { newHubId, newSealJwk, newSignKey } from '../../../support/keys.ts';

const hub = { id: newHubId(), key: await newSignKey('EdDSA') };
const home = newId();
const code = { hub: hub.id, key: hub.key.kid, secret: newId() };
const link = { api: 'https://api.example', ...code };
const keys = await makeDeviceKeys();
const mine: OwnerDevice = { sign: keys.sign.jwk, seal: keys.seal.jwk };
const passkey = { id: newId(), jwk: newSealJwk(), rp: 'doorward.example' };

const list = (devices: OwnerDevice[], { by = hub.key, iss = hub.id, version = 3 } = {}): Promise<string> =>
  signDocument(ownerListForm, { iss, version, iat: 1_790_000_000, devices }, by);

/** An honest hub's answer, which the cloud hands on as it is told to. */
function cloudThat(changes: (answer: Record<string, unknown>, claim: HandoverClaim) => object | Promise<object>) {
  const claims: HandoverClaim[] = [];
  const call = async (asked: { readonly body?: object }): Promise<Verdict<unknown>> => {
    const claim = asked.body as HandoverClaim;
    claims.push(claim);
    const proof = await proveHandover('hub', code, claim.device);
    const answer = { home, hub: hub.id, hubKey: hub.key.jwk, proof, ownerList: await list([claim.device]) };
    return { ok: true, value: await changes(answer, claim) };
  };
  return { claims, api: { base: link.api, call } as unknown as Api };
}
const honest = (answer: object): object => answer;

t.test('a hub that proves the secret is pinned by the key that its code names', async (t) => {
  const { api, claims } = cloudThat(honest);
  const pinned = { api: link.api, home, hub: hub.id, hubKey: hub.key.kid, ownerList: 3 };
  t.same(await claimHome(api, link, keys, passkey), { ok: true, value: pinned });
  t.same(claims, [
    { hub: hub.id, device: { ...mine, passkey }, proof: await proveHandover('phone', code, { ...mine, passkey }) },
  ]);
});

t.test('T22: a cloud that swaps a key, a proof or a list is caught on the phone', async (t) => {
  const liar: SignKey = await newSignKey('EdDSA');
  const strangers: OwnerDevice = { sign: newSealJwk(), seal: newSealJwk() };
  const swaps: Readonly<Record<string, Parameters<typeof cloudThat>[0]>> = {
    'another hub key': (answer) => ({ ...answer, hubKey: liar.jwk }),
    'another hub, all of a piece': async (answer, { device }) => ({
      ...answer,
      hubKey: liar.jwk,
      ownerList: await list([device], { by: liar }),
      proof: await proveHandover('hub', { ...code, key: liar.kid, secret: newId() }, device),
    }),
    'another id': (answer) => ({ ...answer, hub: newHubId() }),
    'a proof of nothing': (answer) => ({ ...answer, proof: 'A'.repeat(43) }),
    'the phone’s own proof, sent back': (answer, { proof }) => ({ ...answer, proof }),
    'a proof over keys that were slipped in': async (answer) => ({
      ...answer,
      proof: await proveHandover('hub', code, { ...mine, sign: strangers.sign as EcJwk }),
    }),
    'a proof over another passkey': async (answer) => ({ ...answer, proof: await proveHandover('hub', code, mine) }),
    'a list of another signer': async (answer, { device }) => ({
      ...answer,
      ownerList: await list([device], { by: liar }),
    }),
    'a list of another hub': async (answer, { device }) => ({
      ...answer,
      ownerList: await list([device], { iss: newHubId() }),
    }),
    'a list without this device': async (answer) => ({ ...answer, ownerList: await list([strangers]) }),
    'a list with half of it': async (answer) => ({
      ...answer,
      ownerList: await list([{ ...mine, seal: strangers.seal }]),
    }),
  };
  for (const [what, swap] of Object.entries(swaps)) {
    const claimed = await claimHome(cloudThat(swap).api, link, keys, passkey);
    t.match(claimed, { ok: false, code: /^(HANDOVER|OWNER_LIST)_NOT_GENUINE$/ }, what);
  }
});

t.test('a list that is older than what this device has seen of the same hub is refused', async (t) => {
  const before = { api: link.api, home, hub: hub.id, hubKey: hub.key.kid, ownerList: 4 };
  const { api } = cloudThat(honest);
  t.match(await claimHome(api, link, keys, undefined, before), { code: 'OWNER_LIST_NOT_GENUINE' });
  t.match(await claimHome(api, link, keys, undefined, { ...before, hub: newHubId() }), { ok: true });
});

t.test('a refusal of the hub is handed on', async (t) => {
  const call = async () => ({ ok: false, code: 'HANDOVER_CLOSED' }) as const;
  const api = { base: link.api, call } as unknown as Api;
  t.match(await claimHome(api, link, keys), { ok: false, code: 'HANDOVER_CLOSED' });
});
