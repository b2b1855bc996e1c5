import t from 'tap';
import { openStopStage, type StopTask } from './stop-stage.ts';

const stage = await openStopStage(t);
const { world, hub, owner, store, carrier } = stage;

t.test(
  'S025, S055: the next attempt is planned for its own day: a door that no rule opens then is not in it',
  async (t) => {
    const places = ['inside', 'in-person', 'tomorrow'] as const;
    await stage.wish({ order: places });
    const tried = async (task: StopTask) => {
      await task.act({ act: 'arrive' });
      await task.act({ act: 'ring' });
      world.wind(61_000);
      t.match((await task.act({ act: 'leave', reason: 'nobody' })).body, { end: 'left' });
      return (await store.read.deliveries.find(task.delivery))!;
    };
    const placesOf = (row: { plan: string | null }) => JSON.parse(row.plan!).map((one: { place: string }) => one.place);
    const plansOf = async (delivery: string) =>
      (await stage.told('carrier', delivery)).filter(({ type }) => type === 'delivery.plan');

    const today = carrier.rule(hub);
    await owner.put(await owner.signRuleBook([today]));
    const task = await stage.task(places);
    t.same(placesOf((await store.read.deliveries.find(task.delivery))!), places, 'today a rule opens the door');
    const next = await tried(task);
    t.match({ ...next, places: placesOf(next) }, { attempt: 2, rule: '', consent: 'ask', places: places.slice(1) });
    t.match(await plansOf(task.delivery), [{ attempt: 2, plan: [{ place: 'in-person' }, { place: 'tomorrow' }] }]);

    const days = carrier.rule(hub, { until: today.until + 3 * 86_400 });
    await owner.put(await owner.signRuleBook([days]));
    const other = await stage.task(places);
    const kept = await tried(other);
    t.match({ ...kept, places: placesOf(kept) }, { attempt: 2, rule: days.id, consent: 'auto', places });
    t.same(await plansOf(other.delivery), [], 'what stays as it was is not told');
  },
);
