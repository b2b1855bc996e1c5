import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { faults } from '../../../wire/faults.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { newDoorId } from '../../support/keys.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { Courier, Device } from '../support/people.ts';
import { makeRemoved, makeTenant, type Tenant } from '../support/tenant.ts';
import { type Answer, type Ask, ask, makeWorld, type World } from '../support/world.ts';
import { type Ids, open, type Role, roles, type WhoMay, whoMay } from './who-may.ts';

const world = await makeWorld(t, { config: { pagesOrigins: ['http://localhost:1'] } });
const [a, b] = [await makeTenant(world), await makeTenant(world)];
t.teardown(() => Promise.all([a.hub.leave(), b.hub.leave()]));

const hired = await ask(world.cloud, 'POST', '/v1/support-staff', {
  headers: { authorization: `Bearer ${world.operatorToken}` },
  body: { name: 'Kim' },
});
const other = hashOf(newId());
const jwk = await newEcJwk();
const idsOf = ({ hub, delivery, token, guest, view, guestRule, ...tenant }: Tenant): Ids => ({
  ...{ home: hub.home, door: hub.door, delivery, task: token, guest: guest.token, visit: view.visit },
  ...{ case: tenant.case, webhook: tenant.webhook, rule: guestRule, staff: hired.body.staff, other, jwk },
});
/** As they might have been. */
const never: Ids = {
  ...{ home: newId(), door: newDoorId(), delivery: newId(), task: hashOf(newId()), guest: hashOf(newId()) },
  ...{ visit: newId(), case: newId(), webhook: newId(), rule: 'rule-none', staff: newId(), other, jwk },
};
const [ofA, ofB] = [idsOf(a), idsOf(b)];

/** Every route that the app has, as `METHOD /path`. */
function routesOf({ cloud }: World): string[] {
  const stack: string[] = [];
  return cloud.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, path, methods = ''] = /^([│ ]*)[├└]── (\S+)(?: \(([^)]+)\))?/.exec(line) ?? [];
      if (indent === undefined || path === undefined) return [];
      stack.splice(indent.length / 4, stack.length, path);
      return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${stack.join('')}`);
    });
}

type Caller = (method: string, path: string, options: Ask) => Promise<Answer>;
const bearer =
  (token: string): Caller =>
  (method, path, options) =>
    ask(world.cloud, method, path, { ...options, headers: { authorization: `Bearer ${token}` } });
const device =
  (one: Device): Caller =>
  (method, path, options) =>
    one.ask(method, path, options);

const removed = await makeRemoved(a);
const callers: Readonly<Record<Role, Caller>> = {
  nobody: (method, path, options) => ask(world.cloud, method, path, options),
  stranger: device(new Courier(world, await newSignKey('ES256'))),
  operator: bearer(world.operatorToken),
  support: bearer(hired.body.token),
  // A hub has a certificate for the broker; over HTTP its key is good for nothing.
  hub: device(new Device(world, a.hub.sign)),
  ownOwner: device(a.owner),
  otherOwner: device(b.owner),
  removedOwner: device(removed),
  ownCarrier: bearer(await a.carrier.token()),
  otherCarrier: bearer(await b.carrier.token()),
  ownCourier: device(a.courier),
  otherCourier: device(b.courier),
  ownGuest: device(a.guest),
  otherGuest: device(b.guest),
};

/** Objects that neither home has one of. */
const unheld = /:(?:stream|alarm|picture|holder|photo)\b/;

function callOf(route: string, row: WhoMay, ids: Ids, inBody = ids): [string, string, Ask] {
  const [method = '', pattern = ''] = route.split(' ');
  const { jwk: _, ...texts } = ids;
  const values: Readonly<Record<string, string>> = {
    ...texts,
    token: pattern.startsWith('/v1/tasks') ? ids.task : ids.guest,
  };
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => values[name] ?? ids.other);
  return [method, `${path}${row.query ?? ''}`, row.body === undefined ? {} : { body: row.body(inBody) }];
}

/** Everything of an answer but its date, and the number of the request. */
function seen({ status, body, headers }: Answer): object {
  const { date: _, 'content-length': __, ...rest } = headers;
  const { instance: ___, ...said } = typeof body === 'object' && body !== null ? body : { text: body };
  return { status, said, headers: rest };
}

/** What stands in the database of people and their things. */
function kept(): Record<string, string> {
  const database = new Database(join(world.dataDir, 'cloud.sqlite'), { readonly: true });
  const names = database.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
  const moving = /^(?:proof|answer|hub|kysely|notice|standing_alarm)/;
  const all = names
    .filter((name) => !moving.test(name))
    .map((name) => [name, JSON.stringify(database.prepare(`select * from ${name}`).all())]);
  database.close();
  return Object.fromEntries(all);
}

t.test('every route of the app is in the table of who may, or it is said why it asks for nobody', async (t) => {
  await world.cloud.app.ready();
  const known = [...Object.keys(whoMay), ...Object.keys(open)];
  t.same(routesOf(world).sort(), known.toSorted());
  t.equal(new Set(known).size, known.length, 'each once');
  t.equal(hired.status, 201);
});

t.test('T23: whoever may not is answered as if it did not exist, and nothing comes of it', async (t) => {
  const before = kept();
  const asked = a.hub.requests.length;
  let compared = 0;
  for (const [route, row] of Object.entries(whoMay)) {
    for (const role of roles.filter((one) => !row.who.includes(one))) {
      const call = callers[role];
      const real = await call(...callOf(route, row, ofA));
      const what = `${route} as ${role}`;
      const isHolder = row.holderIsTold !== undefined && real.body.code === row.holderIsTold;
      if (isHolder) {
        const { http } = faults[row.holderIsTold!];
        if (real.status !== http || JSON.stringify(real.body).includes(a.hub.id)) t.fail(what);
        continue;
      }
      const none = await call(...callOf(route, row, never));
      if (real.status !== 401 && real.status !== 404) t.fail(`${what}: ${real.status} ${real.body.code}`);
      const [one, two] = [JSON.stringify(seen(real)), JSON.stringify(seen(none))];
      if (one !== two) t.same(seen(real), seen(none), what);
      compared += 1;
    }
  }
  t.ok(compared > 600, `${compared} answers compared`);
  t.equal(a.hub.requests.length, asked, 'the hub was asked nothing');
  t.same(kept(), before, 'and nothing was written');
});

t.test('T23: in a path of one’s own, an object of another home is one that never was', async (t) => {
  for (const [route, row] of Object.entries(whoMay)) {
    if (!row.who.includes('ownOwner') || row.isNotCalled === true) continue;
    const foreign = { ...ofB, home: ofA.home };
    const imagined = { ...never, home: ofA.home };
    const isAbout = JSON.stringify(callOf(route, row, foreign)) !== JSON.stringify(callOf(route, row, imagined));
    if (!isAbout) continue;
    const real = await callers.ownOwner(...callOf(route, row, foreign));
    t.same(seen(real), seen(await callers.ownOwner(...callOf(route, row, imagined))), route);
    t.ok(real.status === 404 || real.status === 403 || real.status === 409, `${route}: ${real.status}`);
  }
  // A delivery to a door that no rule of its owner allows this carrier, and to one that never was.
  const announce = (door: string): Promise<Answer> => b.carrier.announce({ ...b.hub, door } as typeof b.hub);
  t.same(seen(await announce(ofA.door)), seen(await announce(never.door)));
});

t.test('whoever may is answered', async (t) => {
  for (const [route, row] of Object.entries(whoMay)) {
    if (row.isNotCalled === true) continue;
    for (const role of row.who) {
      const { status, body } = await callers[role](...callOf(route, row, ofA));
      const isAnswered = status !== 401 && (status !== 404 || unheld.test(route)) && status < 500;
      t.ok(isAnswered, `${route} as ${role}: ${status} ${body?.code ?? ''}`);
    }
  }
});
