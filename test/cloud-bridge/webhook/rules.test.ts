import t from 'tap';
import { checkAddress, lookupWithin, reaches } from '../../../cloud-bridge/outward/address.ts';
import { httpPoster, webhookAddress } from '../../../cloud-bridge/webhook/post.ts';
import { nextWaitMs } from '../../../cloud-bridge/webhook/schedule.ts';
import { createWebhookSecret, signatureOf } from '../../../cloud-bridge/webhook/sign.ts';

const hour = 3_600_000;

t.test('a signature is that of the Standard Webhooks reference implementation', async (t) => {
  const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
  const expected = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  t.equal(signatureOf(signed, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']), expected);
  const two = signatureOf(signed, [createWebhookSecret(), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']).split(' ');
  t.equal(two.length, 2);
  t.equal(two[1], expected);
  t.match(createWebhookSecret(), /^whsec_[A-Za-z0-9+/]{43}=$/);
});

t.test('ten tries in a bit more than three days, none at a time that others can know', async (t) => {
  const waits = [];
  for (let tried = 1, wait = nextWaitMs(1, 0.5); wait !== undefined; wait = nextWaitMs(tried, 0.5)) {
    waits.push(wait);
    tried += 1;
  }
  t.equal(waits.length, 9);
  t.equal(waits[0], 5_000);
  const all = waits.reduce((sum, one) => sum + one, 0);
  t.ok(all > 72 * hour && all < 80 * hour, `${all / hour} h`);
  for (const tried of [1, 4, 9]) {
    const [least, most] = [nextWaitMs(tried, 0)!, nextWaitMs(tried, 1)!];
    t.ok(least < waits[tried - 1]! && most > waits[tried - 1]!);
    t.ok(most / least < 1.6);
  }
  t.equal(nextWaitMs(1, 0.5, hour), hour, 'a receiver may ask for more time');
  t.equal(nextWaitMs(4, 0.5, 1), waits[3], 'and not for less');
  t.equal(nextWaitMs(10, 0.5, hour), undefined);
});

t.test('a carrier cannot make the cloud call what is inside', async (t) => {
  const inside = [
    ...[
      'http://hermes.example/x',
      'https://127.0.0.1/x',
      'https://10.1.2.3/x',
      'https://[::1]/x',
      'https://0x7f000001/',
    ],
    ...[
      'https://169.254.169.254/latest/meta-data/',
      'https://[::ffff:10.0.0.1]/',
      'https://localhost/',
      'https://db.internal/',
    ],
    ...[
      'https://hermes.example:22/x',
      'https://hermes.example:8080/x',
      'https://a:b@hermes.example/',
      'ftp://hermes.example/',
    ],
    'no address',
  ];
  for (const url of inside) t.match(checkAddress(url, webhookAddress('public')), { ok: false }, url);
  for (const url of ['https://hermes.example/x', 'https://hermes.example:8443/x', 'https://8.8.8.8/x']) {
    t.match(checkAddress(url, webhookAddress('public')), { ok: true }, url);
  }
  t.match(checkAddress('http://127.0.0.1:99/x', webhookAddress('loopback')), { ok: true });
  for (const url of ['http://10.0.0.1/', 'https://localhost/', 'http://hermes.example/']) {
    t.match(checkAddress(url, webhookAddress('loopback')), { ok: false }, url);
  }
  t.match(checkAddress('http://10.0.0.1:9000/', webhookAddress('private')), { ok: true });
  for (const reach of reaches) {
    t.match(
      checkAddress('http://169.254.169.254/', webhookAddress(reach)),
      { ok: false },
      `${reach}: the keys of a cloud`,
    );
  }
});

t.test('a name is looked up at the moment of connecting, wherever it led before', async (t) => {
  const look = (reach: (typeof reaches)[number]) =>
    new Promise<unknown>((resolve) => {
      lookupWithin(webhookAddress(reach))('localhost', {}, (error, address) => resolve(error ?? address));
    });
  t.match(await look('public'), { code: 'WEBHOOK_ADDRESS_REFUSED' });
  t.match(await look('loopback'), { code: 'WEBHOOK_ADDRESS_REFUSED' });
  t.match(await look('private'), /^(127\.0\.0\.1|::1)$/);
  const posted = await httpPoster('public', 1_000).post('https://127.0.0.1/x', {}, '{}');
  t.same(posted, { error: 'WEBHOOK_ADDRESS_REFUSED' }, 'an address of before is checked again with each post');
});
