/** The simulated people at a stop, against the whole system. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Courier } from '../../../hardware-sim/people/courier.ts';
import type { CourierStop } from '../../../hardware-sim/people/courier-stop.ts';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { sendToPerson } from '../../../hardware-sim/start/hand-over.ts';
import { openRig } from '../../support/rig.ts';

const jpeg = readFileSync(join(import.meta.dirname, '../../vectors/photo/chromium.jpg'));
const rig = await openRig(t);
const { owner, carrier, world, time } = rig;
const { dispatch } = carrier;
const patientMs = 30_000;

// Early in the morning there: no test runs into a midnight.
const ahead = Math.round((5 - new Date(time.now()).getUTCHours() + 36) % 24) - 12;
const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
const code = { amount: 0, currency: 'EUR' };

/** A parcel on its way, and the phone of its courier, who has pressed. */
async function send(can: readonly string[]): Promise<{ delivery: string; courier: Courier; stop: CourierStop }> {
  const from = Math.floor(time.now() / 1000) - 60;
  const wish = { door: rig.door().id, from, until: from + 7_200, parcels: 1, reference: 'r', can };
  const { delivery } = mustHave(await dispatch.announce(wish));
  const { token } = mustHave(await dispatch.taskLink(delivery));
  const courier = new Courier({ ...world, token });
  mustHave(await courier.press());
  return { delivery, courier, stop: mustHave(await courier.stop()) };
}
const digitsOf = async (delivery: string): Promise<{ holder: string; digits: string }> => {
  const [first] = mustHave(await owner.deliveries.codes(delivery)).codes;
  return { holder: first?.holder ?? '', digits: first?.digits ?? '' };
};
const newsOf = (delivery: string) => dispatch.told.items.filter((one) => one.delivery === delivery);
const untilNews = async (delivery: string, news: string, more: object = {}) => {
  const isIt = (one: object): boolean =>
    Object.entries({ delivery, news, ...more }).every(([name, value]) => Reflect.get(one, name) === value);
  return dispatch.told.until(isIt, patientMs);
};

t.test('a courier arrives, rings, names whom it is for, and they type their code', async (t) => {
  mustHave(
    await owner.deliveries.setWishes({ order: ['in-person', 'tomorrow'], zone, codeFrom: code, waitSeconds: 0 }),
  );
  const { delivery, stop } = await send(['in-person', 'tomorrow']);
  t.match(stop.view, { state: 'expected', acts: ['arrive', 'leave'] });
  t.match(await stop.ring(), { ok: false, code: 'STOP_NOT_HERE' });
  t.match(await stop.arrive(), { ok: true, value: { state: 'here', presence: 'said' } });
  mustHave(await stop.ring());
  const { holder, digits } = await digitsOf(delivery);
  t.same(
    stop.view.plan[0]?.holders?.map((one) => one.holder),
    [holder],
    'whom the owner chose',
  );
  t.match(await stop.handOver(digits), { code: 'HOLDER_NOT_NAMED' });
  mustHave(await stop.name(holder));
  const wrong = digits === '000000' ? '000001' : '000000';
  t.match(await stop.handOver(wrong), { code: 'CODE_WRONG', detail: { triesLeft: 2 } });
  t.match(await stop.handOver(digits), { ok: true, value: { state: 'closed', end: 'handed-over' } });
  t.ok(await untilNews(delivery, 'stop', { state: 'closed', end: 'handed-over' }));
  t.match(
    newsOf(delivery)
      .filter(({ news }) => news === 'stop')
      .map((one) => Reflect.get(one, 'act')),
    ['arrive', 'ring', 'compared'],
  );

  t.match(await owner.deliveries.dispute(delivery, 'damaged'), { ok: true, value: { next: 'inspect' } });
  t.match(await untilNews(delivery, 'disputed', { state: 'open' }), { what: 'damaged', next: 'inspect' });
  mustHave(await dispatch.answerDispute(delivery, 'Somebody comes and looks.'));
  t.match(mustHave(await owner.deliveries.disputes(delivery)), {
    disputes: [{ what: 'damaged', answer: { text: 'Somebody comes and looks.' } }],
  });
  mustHave(await owner.deliveries.endDispute(delivery, 'settle'));
  t.ok(await untilNews(delivery, 'disputed', { state: 'settled' }), 'the dispatch hears that it is over');
});

t.test('an answer that was lost is asked for again, and the act is done once', async (t) => {
  const { delivery, courier, stop } = await send(['in-person', 'tomorrow']);
  const { http } = courier;
  const call = http.call.bind(http);
  let lost = 2;
  http.call = (async (...args: Parameters<typeof call>) => {
    const reply = await call(...args);
    if (!args[0].path.endsWith('/acts') || lost === 0) return reply;
    lost -= 1;
    return { ok: false, code: 'CLOUD_SILENT', status: 0, detail: {} };
  }) as typeof http.call;
  mustHave(await stop.arrive());
  mustHave(await stop.ring());
  t.equal(lost, 0);
  const acts = () =>
    newsOf(delivery)
      .filter(({ news }) => news === 'stop')
      .map((one) => Reflect.get(one, 'act'));
  t.ok(await untilNews(delivery, 'stop', { act: 'ring' }));
  t.same(acts(), ['arrive', 'ring']);
  // Another window of the same phone has acted meanwhile: what is shown now is answered.
  const other = mustHave(await courier.stop());
  const { holder } = await digitsOf(delivery);
  mustHave(await other.name(holder));
  t.match(await stop.leave('nobody'), { ok: true, value: { state: 'closed', end: 'left' } });
  t.match(await untilNews(delivery, 'attempt'), { attempt: 2 }, 'S025: the next one begins by itself');
});

t.test('a parcel is put down with a photo that the owner alone can open; a plan can be changed before', async (t) => {
  mustHave(
    await owner.deliveries.setWishes({ order: ['in-person', 'drop'], zone, waitSeconds: 60, drop: 'Behind the gate' }),
  );
  const { delivery, stop } = await send(['in-person', 'drop']);
  t.match(await owner.deliveries.change(delivery, { order: ['drop'] }), { value: { plan: [{ place: 'drop' }] } });
  t.match(await untilNews(delivery, 'plan'), { places: ['drop'] });
  mustHave(await stop.arrive());
  mustHave(await stop.ring());
  t.match(await stop.put('drop'), { code: 'STOP_WAIT' });
  const waited = stop.waitAfterRing();
  time.wind(60_000);
  mustHave(await waited);
  t.match(await stop.put('drop'), { code: 'STOP_PROOF_MISSING' });
  const photo = mustHave(await stop.photograph(jpeg));
  t.match(await stop.put('drop', photo), { ok: true, value: { end: 'put' } });
  t.match(await untilNews(delivery, 'state', { state: 'delivered' }), { outcome: 'put', proof: 'photo' });
  const sealed = mustHave(await owner.deliveries.photo(delivery, photo));
  t.same(sealed.picture, jpeg, 'the picture as it was taken');
  t.equal(sealed.facts.delivery, delivery);
});

t.test('the street sends a parcel that is handed over with the code of the owner', async (t) => {
  const url = await sendToPerson({ owner, dispatch }, rig.door().id);
  const token = /[\w-]{43}/.exec(url)?.[0] ?? '';
  const courier = new Courier({ ...world, token });
  mustHave(await courier.press());
  const stop = mustHave(await courier.stop());
  t.same(stop.view.plan, [{ place: 'in-person' }], 'and nowhere else');
  mustHave(await stop.arrive());
  const { holder, digits } = await digitsOf(stop.view.delivery);
  mustHave(await stop.name(holder));
  t.match(await stop.handOver(digits), { ok: true, value: { end: 'handed-over' } });
});

t.test('what nobody here has ordered is taken back', async (t) => {
  const { delivery, stop } = await send(['in-person', 'drop']);
  mustHave(await stop.arrive());
  mustHave(await owner.deliveries.notMine(delivery));
  t.match(await stop.ring(), { ok: false });
  t.match(await stop.look(), { ok: true, value: { state: 'closed', end: 'blocked' } });
});
