/** The whole way from a bare hub to a home that is the owner's. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newOwner } from '../../hardware-sim/people/owner.ts';
import { pushOpen } from '../../hardware-sim/start/door.ts';
import { placeOf } from '../../hardware-sim/start/place.ts';
import { until } from '../support/until.ts';
import type { Page } from './page.ts';
import type { World } from './world.ts';

/** The code itself is of no use on paper, and another one each time. */
const withoutCode = (text: string): string =>
  text
    .replace(/doorward:handover\?\S+/, 'doorward:handover?…')
    .replace(/(\n[ ▀▄█]*[▀▄█][ ▀▄█]*)+/, '\n    (the same as a QR code)');

export async function tellSetup(world: World, told: Page): Promise<void> {
  const { desk } = world;
  told.say('# A home is set up');
  told.say(
    "What stood on the terminal of an installer, from a bare hub to a home that is its owner's: the shipped commands in tmux, a hub, a cloud and a broker as " +
      'processes of their own, and the simulated home of `npm start` with a Nuki at the front door and a garage operator on an OSDP line. Ids, keys, times and ' +
      'the names of files are not those of that day. `npm run transcripts` makes this page.',
  );
  await enrol(world, told);
  await addDoors(world, told);
  await pair(world, told);
  await test(world, told);
  told.say('## 6 The look at everything');
  await told.run(desk, 'doorward doctor');
  told.say('Nothing fails. The garage has no camera, and there is no owner yet: that is what comes next.');
  await handOver(world, told);
  told.say('## What is there now');
  await told.run(desk, 'doorward lock status');
  await told.run(desk, 'doorward door list');
  await told.run(desk, 'doorward doctor');
}

async function enrol(world: World, told: Page): Promise<void> {
  const { desk, shown, url, rootHash } = world;
  const token = await world.newToken();
  shown.put(token, 'Pq7T0m3xYw8ZkR2vUa5LdQ');
  shown.put(rootHash, 'q1w8Tz5RfYc0mKd7HvXb3sNjL2pGaU9eQi4oVkZxBnM');
  told.say('## 1 Enrolment');
  told.say(
    'A configuration without doors is there, and nothing else. The first time the token is not at hand: Ctrl-C.',
  );
  await desk.begin('doorward hub enroll');
  await desk.sees(/Address of the cloud: ?$/);
  await desk.types('cloud.example');
  await desk.sees(/begins with https:\/\/[\s\S]*Address of the cloud: ?$/);
  await desk.types(url);
  await desk.sees(/One-time token: ?$/);
  await desk.interrupts();
  await desk.ends();
  await told.part(desk);
  told.say('Once more, with everything; the network fails in the middle, and the installer does not wait.');
  await desk.begin('doorward hub enroll');
  await desk.sees(/Address of the cloud: ?$/);
  await desk.types(url);
  await desk.sees(/One-time token: ?$/);
  await desk.types('Pq7T0m3x');
  await desk.sees(/was all of it copied\?[\s\S]*One-time token: ?$/);
  await desk.types(token);
  await desk.sees(/Fingerprint of the root set: ?$/);
  const wake = world.freeze('cloud');
  await desk.types(rootHash);
  await desk.sees(/Asking the cloud/);
  await desk.interrupts();
  await desk.ends();
  await told.part(desk);
  wake();
  told.say('The same token still counts:');
  await desk.begin('doorward hub enroll');
  for (const [question, answer] of [
    [/Address of the cloud: ?$/, url],
    [/One-time token: ?$/, token],
    [/Fingerprint of the root set: ?$/, rootHash],
  ] as const) {
    await desk.sees(question);
    await desk.types(answer);
  }
  await desk.ends();
  await told.part(desk);
}

async function addDoors(world: World, told: Page): Promise<void> {
  const { desk, paths } = world;
  told.say('## 2 The doors');
  told.say('The hub does not run yet: `lock scan` uses the Bluetooth adapter itself.');
  await told.run(desk, 'doorward lock scan --for-seconds 3');
  told.say('The front door, with a camera. At the question for the lock its button is held for five seconds.');
  const camera = {
    ...{ kind: 'process', codec: 'jpeg', raw: { width: 160, height: 120 } },
    command: ['doorward-sim', 'camera', '--control', paths.simSocket, '--camera', 'front', '--raw'],
  };
  await desk.begin(`doorward door add front --camera '${JSON.stringify(camera)}'`);
  await desk.sees(/What holds it.*: ?$/);
  await desk.types('nuki');
  await desk.sees(/Listening/);
  await world.atDoor('/nukis/front/press-button', { forMs: 5_000 });
  await desk.sees(/Number of the lock.*: ?$/);
  await desk.types('1');
  await desk.sees(/door sensor.*: ?$/);
  await desk.types('yes');
  await desk.sees(/pull the latch.*: ?$/);
  await desk.types('');
  await desk.ends();
  await told.part(desk);
  told.say('The garage:');
  await desk.begin('doorward door add');
  for (const [question, answer] of [
    [/Name of the door.*: ?$/, 'garage'],
    [/What holds it.*: ?$/, 'barrier'],
    [/Serial port.*: ?$/, paths.tty],
    [/Baud rate.*: ?$/, ''],
    [/OSDP address.*: ?$/, ''],
    [/Output.*terminals.*: ?$/, ''],
    [/Length of a pulse.*: ?$/, ''],
    [/Input that sees it closed.*: ?$/, '0'],
    [/Its level when it is closed.*: ?$/, 'active'],
  ] as const) {
    await desk.sees(question);
    await desk.types(answer);
  }
  await desk.ends();
  await told.part(desk);
  await told.run(desk, 'doorward door list');
}

async function pair(world: World, told: Page): Promise<void> {
  const { desk, service, pin } = world;
  told.say('## 3 The hub runs');
  told.say('On a terminal of its own here; else it is a service.');
  await world.startHub();
  await told.part(service, (text) => text.replace(/ 2>>\S+/, ''));
  await told.run(desk, 'doorward lock status');
  told.say('## 4 Pairing');
  told.say(`The owner says the security PIN of the lock. What is typed is not shown; at first three digits only.`);
  await until('its pairing mode is over', async () => (await world.lookAt('/nukis/front')).isPairing === false);
  await desk.begin('doorward lock pair front');
  await desk.sees(/Security PIN.*: ?$/);
  await desk.types('471');
  await desk.sees(/4 digits, or 6[\s\S]*Security PIN.*: ?$/);
  await desk.types(`${pin}`);
  await desk.sees(/Nuki Bridge.*: ?$/);
  await desk.types('');
  await desk.sees(/Waiting for the button/);
  await told.part(desk);
  told.say('The button is held for five seconds.');
  await world.atDoor('/nukis/front/press-button', { forMs: 5_000 });
  await desk.ends();
  await told.part(desk);
  told.say('The peripheral in the garage is in its install mode, its cable in view:');
  await desk.begin('doorward lock pair garage');
  await desk.sees(/Type yes/);
  await desk.types('yes');
  await desk.ends();
  await told.part(desk);
}

async function test(world: World, told: Page): Promise<void> {
  const { desk, paths } = world;
  await world.hubSays(({ doors }) => doors.every(({ at, reachable }) => at === 'idle' && reachable));
  told.say('## 5 The test');
  told.say('At the front door. The installer opens it when it is released, and closes it behind the next line.');
  await desk.begin('doorward lock test front --installer "Ada Lovelace"');
  await desk.sees(/Type yes/);
  await desk.types('yes');
  await desk.sees(/released: open the door now/);
  await pushOpen(paths.simSocket, 'front', 10_000);
  await desk.sees(/door open: close it again/);
  await until('the leaf is open', async () => {
    const { leaf } = await world.lookAt('/doors/front');
    return leaf === 'open';
  });
  await world.atDoor('/doors/front/close-leaf');
  await desk.ends();
  await told.part(desk);

  told.say(
    'The garage. It is opened by one pulse; nothing closes it from afar, so the installer presses the button on its wall.',
  );
  await desk.begin('doorward lock test garage --installer "Ada Lovelace"');
  await desk.sees(/Type yes/);
  await desk.types('yes');
  await desk.sees(/door open: close it again/);
  await placeOf({ settings: { camera: false } as never, paths }, 'garage').shut();
  await desk.ends();
  await told.part(desk);

  told.say('The reports are signed by the hub:');
  const reports = readdirSync(join(paths.hub, 'reports')).sort();
  const front = reports.find((name) => name.startsWith('front'))!;
  await told.run(desk, `doorward report verify ${join(paths.hub, 'reports', front)}`);
}

async function handOver(world: World, told: Page): Promise<void> {
  const { desk, shown, url } = world;
  told.say('## 7 The hand-over');
  await desk.begin('doorward owner handover');
  await desk.sees(/Type yes/);
  await desk.types('yes');
  await desk.sees(/Waiting for the phone/);
  const [uri] = /doorward:handover\?\S+/.exec(await desk.shows())!;
  await told.part(desk, withoutCode);
  told.say("The owner scans it in the owner's app.");
  const owner = await newOwner({ base: url });
  mustHave(await owner.handover(uri));
  await desk.sees(/Your access ends here/);
  await desk.ends();
  shown.put(/device (\S+) is pinned/.exec(await desk.shows())![1]!, 'k3Jx_9aQ');
  await told.part(desk);
  owner.http.close();
}
