import t from 'tap';
import type { Api } from '../../../../../cloud-bridge/pages/owner/device/api.ts';
import {
  type Signer,
  shareKey,
  signLook,
  signSight,
  stopVisit,
} from '../../../../../cloud-bridge/pages/owner/video/orders.ts';
import { openVideoKey } from '../../../../../cloud-bridge/pages/owner/video/stream-key.ts';
import { hashOf } from '../../../../../wire/jws.ts';
import { verifyRevocation } from '../../../../../wire/revocation.ts';
import { verifyLook, verifySight, verifyVideoShare } from '../../../../../wire/verify-video.ts';
import { door, makeDevice, start, strangersKey } from '../../device.ts';
import { sealStream } from '../../sealer.ts';

const nowS = start / 1000;
const visit = 'v'.repeat(22);

async function world() {
  const device = await makeDevice();
  const signer: Signer = { hub: device.hub.id, key: device.keys.sign, nowS: () => nowS };
  return { ...device, signer };
}

t.test('the hub takes what the page signs: a look, a sight', async (t) => {
  const { signer, home } = await world();
  const policy = { hubId: home.hub, nowS };
  t.match(await verifyLook(await signLook(signer, door), home.owners, policy), { ok: true, value: { door } });
  const sight = await signSight(signer, { stream: 's'.repeat(22), seq: 7, data: Buffer.from('a picture') });
  t.match(await verifySight(sight, home.owners, home.hub), {
    ok: true,
    value: { claims: { seq: 7, picture: hashOf('a picture') }, kid: signer.key.kid },
  });
});

t.test('the hub takes the page’s Stop, and the page believes only the hub’s own answer', async (t) => {
  const { signer, home } = await world();
  const sent: { document: string }[] = [];
  const answers = [
    { accepted: 'revocation+jwt', pending: false },
    { accepted: 'revocation+jwt', pending: true },
  ];
  const api = {
    call: async ({ body }: { body: { document: string } }) => {
      sent.push(body);
      const value = answers.shift();
      return value === undefined ? { ok: false, code: 'HUB_OFFLINE' } : { ok: true, value };
    },
  } as unknown as Api;
  t.same(await stopVisit(signer, api, 'h'.repeat(22), visit), { ok: true, value: { pending: false } });
  t.same(await stopVisit(signer, api, 'h'.repeat(22), visit), { ok: true, value: { pending: true } });
  t.match(await stopVisit(signer, api, 'h'.repeat(22), visit), { ok: false, code: 'HUB_OFFLINE' });
  const keys = { owners: home.owners, issuers: undefined };
  t.match(await verifyRevocation(sent[0]!.document, keys, { hubId: home.hub, epoch: 0 }), {
    ok: true,
    value: { by: 'owner', claims: { ends: { kind: 'visit', id: visit } } },
  });
});

t.test('a key that one device shares opens on the other, and on no third', async (t) => {
  const { hub, home: first, signer, to } = await world();
  const [later, third] = [await makeDevice(hub), await makeDevice(hub)];
  const fake = await sealStream({ hub, to, door, codec: 'jpeg', startedMs: start });
  const share = await shareKey(signer, first, fake.keyDocument, [], later.keys.seal.jwk);
  if (!share.ok) return t.fail(share.code);
  t.match(await verifyVideoShare(share.value, first.owners, hub.id), { value: { to: later.keys.seal.kid } });
  const seenBy = (home: typeof first) =>
    openVideoKey(fake.keyDocument, { ...home, owners: first.owners }, [share.value]);
  t.match(await seenBy(later.home), { ok: true, value: { claims: { stream: fake.id } } });
  t.match(await seenBy(third.home), { ok: false, code: 'VIDEO_KEY_NOT_FOR_YOU' });
});

t.test('a device that received a shared key can pass it on; one that has none cannot', async (t) => {
  const { hub, home: first, signer, to } = await world();
  const later = await makeDevice(hub);
  const fake = await sealStream({ hub, to, door, codec: 'jpeg', startedMs: start });
  const share = await shareKey(signer, first, fake.keyDocument, [], later.keys.seal.jwk);
  if (!share.ok) return t.fail(share.code);
  const laterSigner: Signer = { ...signer, key: later.keys.sign };
  const laterHome = { ...later.home, owners: first.owners };
  const target = strangersKey();
  t.match(await shareKey(laterSigner, laterHome, fake.keyDocument, [share.value], target), { ok: true });
  t.match(await shareKey(laterSigner, laterHome, fake.keyDocument, [], target), { code: 'VIDEO_KEY_NOT_FOR_YOU' });
});
