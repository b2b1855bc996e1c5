import t from 'tap';
import { checkEndpoint, publicLookup } from '../../../cloud-bridge/notify/endpoint.ts';
import { isPrivateAddress } from '../../../cloud-bridge/outward/address.ts';

t.test('addresses that are not reachable from everywhere are private', async (t) => {
  const inside = [
    ...['127.0.0.1', '10.0.0.1', '172.16.5.4', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...[
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'fd12::1',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      'ff02::1',
    ],
    ...['64:ff9b::a00:1', '2002:a00:1::', '2001:db8::1', 'localhost', ''],
  ];
  for (const address of inside) t.ok(isPrivateAddress(address), address);
  for (const address of ['8.8.8.8', '142.250.1.1', '172.32.0.1', '2606:4700::1'])
    t.notOk(isPrivateAddress(address), address);
});

t.test('an attacker cannot make the cloud call what is inside', async (t) => {
  const refused = [
    'http://push.example.com/x',
    'https://127.0.0.1/x',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.1.2.3/x',
    'https://[::1]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://localhost/x',
    'https://printer.local/x',
    'https://db.internal/x',
    'https://0x7f000001/x',
    'https://2130706433/x',
    'https://127.1/x',
    'https://push.example.com:8443/x',
    'https://user:password@push.example.com/x',
    'https://push.example.com@127.0.0.1/x',
    'https://intranet/x',
    'ftp://push.example.com/x',
    'file:///etc/passwd',
    'no address',
  ];
  for (const url of refused) t.match(checkEndpoint(url, false), { ok: false, code: 'PUSH_ENDPOINT_REFUSED' }, url);
  const taken = [
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ];
  for (const url of taken) t.match(checkEndpoint(url, false), { ok: true }, url);
});

t.test('with loopback allowed, it is the address 127.0.0.1 and nothing else inside', async (t) => {
  t.match(checkEndpoint('http://127.0.0.1:9/x', true), { ok: true });
  for (const url of ['http://10.0.0.1/x', 'https://localhost/x', 'http://push.example.com/x'])
    t.match(checkEndpoint(url, true), { ok: false }, url);
});

t.test('a name that leads inside at the moment of connecting leads nowhere', (t) => {
  publicLookup('localhost', {}, (error) => {
    t.match(error, { code: 'PUSH_ENDPOINT_REFUSED' });
    t.end();
  });
});
