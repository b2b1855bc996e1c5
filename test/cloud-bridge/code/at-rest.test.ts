/**
 * Condition: database, logs and all backups in an attacker's hand, and no code can be read. Deliveries are played with codes and mails; then
 * everything that was written is searched for every code in every simple form. Codes have nine digits here, so that no number that happens
 * to be in a file is taken for one.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { deriveCode } from '../../../cloud-bridge/code/derive.ts';
import { createCodeKey, readCodeKey } from '../../../cloud-bridge/code/key.ts';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { openNoticeStage } from '../notify/stage.ts';
import { taskOf } from '../stop/stop-stage.ts';
import { makeCarrier } from '../support/people.ts';
import { until } from '../support/world.ts';

const digits = 9;

/** How somebody who means no harm might have written it down. */
function formsOf(code: string): readonly string[] {
  const hashes = ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) =>
    (['hex', 'base64', 'base64url'] as const).map((form) => createHash(algorithm).update(code).digest(form)),
  );
  const bytes = Buffer.from(code);
  const spaced = [' ', '-', '.', '\u00a0'].map((between) => code.replace(/(\d{3})(?=\d)/g, `$1${between}`));
  const encoded = [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex'), [...code].reverse().join('')];
  return [code, ...spaced, ...encoded, ...hashes];
}

const finds = (places: ReadonlyMap<string, Buffer>, text: string): string[] =>
  [...places].filter(([, bytes]) => bytes.includes(text)).map(([name]) => name);

t.test('S006: what was written holds no code, in whatever form, and no link of a holder', async (t) => {
  const { world, hub, first, mailbox, mailTo } = await openNoticeStage(t, { codeDigits: digits, logLevel: 'trace' });
  const at = layoutOf(world.dataDir);
  await mailTo(first, 'mara@street.example');
  const carrier = await makeCarrier(world);
  await first.put(await first.signRuleBook([carrier.rule(hub)]));
  const other = await openSqliteStore(at.database);
  t.teardown(() => other.close());
  const zone = `Etc/GMT${new Date().getUTCHours() < 12 ? '-6' : '+6'}`;
  const wishes = { order: ['in-person', 'neighbour', 'tomorrow'], zone, codeFrom: { amount: 0, currency: 'EUR' } };
  await other.write(({ wishBooks }) =>
    wishBooks.put({ home: hub.home, text: JSON.stringify(wishes), version: 1, by: first.key.kid, at: 1 }),
  );

  const codes = new Set<string>();
  const links = new Set<string>();
  const can = ['in-person', 'neighbour', 'tomorrow'];
  for (let number = 0; number < 3; number += 1) {
    const parcel = number === 0 ? {} : { order: 'order-7' };
    const { delivery } = (await carrier.announce(hub, { can, parcel })).body;
    const path = `${first.home}/deliveries/${delivery}/codes`;
    const holders = [{ kind: 'neighbour', name: 'Ada', contact: `ada-${number}@street.example` }];
    await first.ask('POST', `${first.home}/holders`, { body: { delivery, holders } });
    const view = (await first.ask('GET', path)).body;
    const right = view.codes[0].digits as string;
    codes.add(right);
    const token = /#(.+)@/.exec(view.codes[1].link)![1]!;
    links.add(token);
    const page = await world.cloud.app.inject(`/v1/holder-codes/${token}`);
    for (const stop of page.json().stops) codes.add(stop.digits);
    await first.ask('POST', `${path}/mails`, { body: {} });

    const task = await taskOf(world, carrier, delivery);
    const { holder } = view.codes[0];
    await task.act({ act: 'arrive' });
    await task.act({ act: 'name', holder });
    const handOver = { act: 'hand-over', holder, typedBy: 'courier' } as const;
    const wrong = right.replace(/.$/, (last) => String((Number(last) + 1) % 10));
    codes.add(wrong);
    t.equal((await task.act(handOver, { digits: wrong })).body.code, 'CODE_WRONG');
    t.match((await task.act(handOver, { digits: right })).body, { end: 'handed-over' });
  }
  const isMailed = (code: string) => mailbox.mails.some(({ text }) => text.includes(code));
  await until('the codes went out', () => [...codes].filter((code) => isMailed(code)).length >= 4);

  // A copy as backups are made, and what stands beside the database while it runs.
  const copy = join(world.dataDir, 'backup.sqlite');
  const database = new Database(at.database, { readonly: true });
  await database.backup(copy);
  const tables = database.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[];
  const rows = new Map(tables.map((name) => [name, database.prepare(`select * from "${name}"`).all() as object[]]));
  database.close();
  for (const name of ['notice', 'answer', 'event', 'stop_act', 'code_try', 'holder']) {
    t.ok(rows.get(name)!.length > 0, `${name} has rows`);
  }
  t.ok(JSON.stringify(rows.get('notice')).includes('codeReady'), 'the mails with codes were in the outbox');

  const places = new Map<string, Buffer>([['log', Buffer.from(world.logged())]]);
  for (const name of readdirSync(world.dataDir, { recursive: true, encoding: 'utf8' })) {
    const file = join(world.dataDir, name);
    if (file === at.codeKey) continue;
    try {
      places.set(name, readFileSync(file));
    } catch {
      // A folder.
    }
  }
  for (const [name, all] of rows) places.set(`rows of ${name}`, Buffer.from(JSON.stringify(all)));
  for (const name of ['cloud.sqlite', 'cloud.sqlite-wal', 'backup.sqlite']) t.ok(places.has(name), name);
  t.ok(
    finds(places, hub.home).includes('backup.sqlite') && finds(places, hub.home).includes('rows of event'),
    'what is there is found',
  );

  const found = [...codes].flatMap((code) => formsOf(code).flatMap((form) => finds(places, form)));
  t.ok(codes.size >= 7, `${codes.size} codes`);
  t.same(found, []);
  const numbers = new Set([...rows.values()].flatMap((all) => all.flatMap((row) => Object.values(row))));
  t.same(
    [...codes].filter((code) => numbers.has(Number(code))),
    [],
    'nor as a number',
  );
  for (const token of links) t.same(finds(places, token.split('.')[1]!), [], 'nor the mark of a link');

  const key = readFileSync(at.codeKey, 'utf8').trim();
  const bytes = Buffer.from(key, 'base64url');
  for (const form of [key, bytes.toString('base64'), bytes.toString('hex')])
    t.same(finds(places, form), [], 'nor the key');
  t.same(
    [...places].filter(([, text]) => text.includes(bytes)).map(([name]) => name),
    [],
  );

  // And so they see, if somebody ever writes one down: what a mail server gets is in the mails.
  const leaked = new Map([['mail', Buffer.from(mailbox.mails.map(({ text }) => text).join())]]);
  t.ok([...codes].some((code) => finds(leaked, code).length > 0));
});

t.test('whoever has all of it but the key does no better than guessing', async (t) => {
  // The same delivery, attempt and holder under the attacker's own key: right as often as any guess, one of 10^3 here.
  const [real, guessed] = [readCodeKey(createCodeKey(), ''), readCodeKey(createCodeKey(), '')];
  const count = 30_000;
  let [right, near] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const what = { scope: ['delivery', `d${at}`], attempt: 1, holder: 'h' };
    if (deriveCode(real, what, 6).slice(0, 3) === deriveCode(guessed, what, 6).slice(0, 3)) right += 1;
    // What was shown for one says nothing of the next.
    const next = { ...what, attempt: 2 };
    if (deriveCode(real, what, 6).slice(3) === deriveCode(real, next, 6).slice(3)) near += 1;
  }
  // 30 are expected of each; seven deviations of it are 39.
  t.ok(right < 70 && near < 70, `${right} and ${near} of ${count}`);
});
