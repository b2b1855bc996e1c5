import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { encode } from 'uqr';
import { controlRoutes } from '../../../device/control/routes.ts';
import { openControl } from '../../../device/control/server.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { newOwner, type Owner } from '../../../hardware-sim/people/owner.ts';
import { faults } from '../../../wire/faults.ts';
import { thumbprintOf } from '../../../wire/jws.ts';
import { newSignKey } from '../../support/keys.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { type Sitting, scripted, sitting } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

type Json = Record<string, unknown>;

/** Somebody between phone and cloud who changes what passes. */
interface Between {
  base: string;
  claim: (body: Json) => Json;
  answer: (body: Json) => Json;
}

async function stepBetween(t: Test, base: string): Promise<Between> {
  const same = (body: Json): Json => body;
  const between: Between = { base: '', claim: same, answer: same };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const claimed = between.claim(JSON.parse(Buffer.concat(chunks).toString()) as Json);
    const reply = await fetch(new URL(incoming.url!, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(claimed),
    });
    const body = (await reply.json()) as Json;
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(reply.ok ? between.answer(body) : body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  between.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return between;
}

/** What the phone scans. */
async function uriOn(one: Sitting): Promise<string> {
  await one.sees(/It works once/);
  await one.sees(/Waiting for the phone/);
  return /doorward:handover\?\S+/.exec(one.screen())![0];
}

const osdpKeys = async (rig: Rig): Promise<string> => {
  const { createHash } = await import('node:crypto');
  const port = join(rig.folders.hub, '..', 'sim', 'front.tty');
  const line = createHash('sha256').update(port).digest('hex').slice(0, 12);
  const key = await openSecrets(rig.folders.hub).get(`osdp-${line}-0-current`);
  return Buffer.from(key ?? []).toString('hex');
};

t.test('the hand-over in the terminal', async (t) => {
  const rig = await openRig(t);
  const control = await openControl(join(rig.folders.hub, 'hub.sock'), controlRoutes(rig.hub));
  t.teardown(() => control.close());
  const config = join(rig.folders.hub, 'config.json');
  writeFileSync(config, JSON.stringify({ dataDir: rig.folders.hub, doors: [] }));
  const between = await stepBetween(t, rig.world.base);
  const phone = async (): Promise<Owner> => {
    const owner = await newOwner({ ...rig.world, base: between.base });
    t.teardown(() => owner.http.close());
    return owner;
  };
  const command = ['owner', 'handover', '--config', config];

  t.test('asks, shows the code, and Ctrl-C ends it: nobody can use the code any more', async (t) => {
    const one = sitting(command);
    await one.sees(/devices pinned before are dropped. Type yes/);
    one.types('yes');
    const uri = await uriOn(one);
    await one.sees(/9:5\d left/);
    one.interrupts();
    t.equal(await one.ends(), faults.INTERRUPTED.exit);
    t.match(one.screen(), /opens nothing any more/);
    t.match(await (await phone()).handover(uri), { ok: false, code: 'HANDOVER_CLOSED' });

    // Light modules are the blocks: white on black, whatever the terminal's colours are.
    const { data, size } = encode(uri, { border: 2 });
    const rows = one
      .screen()
      .split('\x1b[97;40m')
      .slice(1)
      .map((row) => row.split('\x1b')[0]!);
    const isLight = (x: number, y: number): boolean => {
      const block = rows[Math.floor(y / 2)]![x];
      return block === '█' || block === (y % 2 === 0 ? '▀' : '▄');
    };
    const wrong = data.flatMap((row, y) => row.filter((isDark, x) => isLight(x, y) === isDark));
    t.equal(rows.length, Math.ceil(size / 2));
    t.equal(wrong.length, 0, 'every module stands as it is encoded');
  });

  t.test(
    "a phone's key that was swapped on its way is refused and said; the phone itself then takes the home",
    async (t) => {
      const before = await osdpKeys(rig);
      const one = sitting([...command, '--yes']);
      const uri = await uriOn(one);
      const owner = await phone();
      const stranger = (await newSignKey('ES256')).jwk;
      between.claim = (body) => ({ ...body, device: { ...(body.device as Json), sign: stranger } });
      t.match(await owner.handover(uri), { ok: false, code: 'HANDOVER_NOT_GENUINE' });
      await one.sees(/A wrong proof came \(1 of 5\).*swapped.*nobody is pinned/);
      between.claim = (body) => body;
      t.match(await owner.handover(uri), { ok: true });
      await one.sees(/The phone has proved the code/);
      await one.sees(new RegExp(`device ${thumbprintOf(owner.keys.device.sign).slice(0, 8)} is pinned`));
      await one.sees(/front: a fresh key, which you cannot know/);
      await one.sees(/Your access ends here/);
      t.equal(await one.ends(), 0);
      t.match(before, /^[0-9a-f]{32}$/);
      t.not(await osdpKeys(rig), before, 'the key of the peripheral is another');
      await rig.untilCalm();
      t.match(rig.hub.status(), { owners: 1, doors: [{ at: 'idle', reachable: true, alarms: [] }] });
    },
  );

  t.test(
    "a hub's key that was swapped on its way is refused by the phone, and a second hand-over mends it",
    async (t) => {
      const run = scripted([...command, '--yes', '--no-wait', '--json']);
      const { uri } = JSON.parse((await run).out) as { uri: string };
      const stranger = (await newSignKey('EdDSA')).jwk;
      between.answer = (body) => ({ ...body, hubKey: stranger });
      const owner = await phone();
      t.match(await owner.handover(uri), { ok: false, code: 'HANDOVER_NOT_GENUINE', detail: { why: 'hub key' } });
      t.equal(owner.state.pinned, undefined);
      between.answer = (body) => body;
      const again = JSON.parse((await scripted([...command, '--yes', '--no-wait', '--json'])).out) as { uri: string };
      t.match(await owner.handover(again.uri), { ok: true });
      // Keys are renewed whether or not the command stays.
      await until('fresh keys', () => rig.hub.handover().keys?.every(({ at }) => at !== 'waiting'));
      t.match(rig.hub.handover(), { at: 'claimed', keys: [{ doors: ['front'], at: 'renewed' }] });
    },
  );
  t.end();
});
