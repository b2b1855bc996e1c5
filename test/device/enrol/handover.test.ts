import t from 'tap';
import { handoverDesk } from '../../../device/enrol/handover.ts';
import { SimClock } from '../../../hardware-sim/clock.ts';
import {
  fromHandoverUri,
  handoverForMs,
  maxHandoverTries,
  proveHandover,
  verifyHandover,
} from '../../../wire/handover.ts';
import { readHandoverText } from '../../../wire/handover-link.ts';
import type { OwnerDevice } from '../../../wire/owner-device.ts';
import { newHubId, newSealJwk, newSignKey } from '../../support/keys.ts';

async function scene() {
  const hubId = newHubId();
  const hub = await newSignKey('EdDSA');
  const clock = new SimClock();
  const pinned: OwnerDevice[] = [];
  const desk = handoverDesk({
    hubId,
    hubKey: hub.kid,
    clock,
    pin: async (device) => {
      pinned.push(device);
      return { ownerList: 'list', recoveryPin: 'pin' };
    },
  });
  const phone: OwnerDevice = { sign: (await newSignKey('ES256')).jwk as never, seal: newSealJwk() };
  const scan = () => {
    const code = fromHandoverUri(desk.open().uri);
    if (!code.ok) throw code;
    return code.value;
  };
  return { hubId, hub, clock, pinned, desk, phone, scan };
}

t.test('the phone that proves the secret is pinned, and the hub proves it back', async (t) => {
  const { hubId, hub, desk, phone, scan, pinned } = await scene();
  const code = scan();
  t.equal(code.key, hub.kid);
  const done = await desk.claim({ hub: hubId, device: phone, proof: await proveHandover('phone', code, phone) });
  if (!done.ok) throw done;
  t.same(pinned, [phone]);
  t.ok((await verifyHandover('hub', code, phone, done.value.proof)).ok);
  t.notOk((await verifyHandover('phone', code, phone, done.value.proof)).ok, 'neither proof stands in for the other');
});

t.test('the secret works once, also when two claims come at the same moment', async (t) => {
  const { hubId, desk, phone, scan, pinned } = await scene();
  const code = scan();
  const claim = { hub: hubId, device: phone, proof: await proveHandover('phone', code, phone) };
  const both = await Promise.all([desk.claim(claim), desk.claim(claim)]);
  t.equal(both.filter(({ ok }) => ok).length, 1);
  t.equal(pinned.length, 1);
  t.match(await desk.claim(claim), { ok: false, code: 'HANDOVER_CLOSED' });
});

t.test('a key that was swapped on the way is refused', async (t) => {
  const { hubId, desk, phone, scan, pinned } = await scene();
  const proof = await proveHandover('phone', scan(), phone);
  const swapped = { ...phone, sign: (await newSignKey('ES256')).jwk as never };
  t.match(await desk.claim({ hub: hubId, device: swapped, proof }), { ok: false, code: 'HANDOVER_NOT_GENUINE' });
  const sealed = { ...phone, seal: newSealJwk() };
  t.match(await desk.claim({ hub: hubId, device: sealed, proof }), { ok: false, code: 'HANDOVER_NOT_GENUINE' });
  t.same(pinned, []);
});

t.test('it closes after ten minutes, after five wrong proofs, and for another hub', async (t) => {
  const { hubId, clock, desk, phone, scan, pinned } = await scene();
  let code = scan();
  const good = async () => ({ hub: hubId, device: phone, proof: await proveHandover('phone', code, phone) });
  t.match(await desk.claim({ ...(await good()), hub: newHubId() }), { code: 'HANDOVER_CLOSED' });
  clock.advance(handoverForMs);
  t.match(await desk.claim(await good()), { code: 'HANDOVER_CLOSED' }, 'too late');
  code = scan();
  for (let tries = 0; tries < maxHandoverTries; tries += 1) {
    t.match(await desk.claim({ ...(await good()), proof: 'A'.repeat(43) }), { code: 'HANDOVER_NOT_GENUINE' });
  }
  t.match(await desk.claim(await good()), { code: 'HANDOVER_CLOSED' }, 'too many');
  const old = await good();
  code = scan();
  t.match(await desk.claim(old), { code: 'HANDOVER_NOT_GENUINE' }, 'a new secret ends the one before');
  t.same(pinned, []);
});

t.test('a hub that knows the owner’s app shows a link that opens it, with the same code', async (t) => {
  const { hubId, hub, clock, desk } = await scene();
  t.notOk(desk.open().link, 'and one that does not shows none');
  const app = { pages: 'https://pages.example', api: 'https://api.example' };
  const pin = () => Promise.reject(new Error('nobody claims it'));
  const { uri, link } = handoverDesk({ hubId, hubKey: hub.kid, clock, app, pin }).open();
  const code = fromHandoverUri(uri);
  if (!code.ok) throw code;
  t.ok(link?.startsWith('https://pages.example/app/#handover='));
  t.same(readHandoverText(link ?? ''), { ok: true, value: { api: app.api, ...code.value } });
});
