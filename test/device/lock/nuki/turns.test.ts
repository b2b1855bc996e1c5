import t from 'tap';
import { type Rank, Turns } from '../../../../device/lock/nuki/turns.ts';

t.test('a command goes before a question, a question before administration; each after what runs', async (t) => {
  const turns = new Turns();
  const order: string[] = [];
  let end = (): void => undefined;
  const first = turns.take('administration', () => new Promise<void>((resolve) => (end = resolve)));
  const take = (rank: Rank, name: string): Promise<void> =>
    turns.take(rank, async () => {
      await Promise.resolve();
      order.push(name);
    });
  const rest = [
    take('administration', 'page'),
    take('question', 'state'),
    take('command', 'unlock'),
    take('administration', 'next page'),
    take('command', 'lock'),
  ];
  await Promise.resolve();
  t.same(order, [], 'nothing runs beside the one that runs');
  end();
  await Promise.all([first, ...rest]);
  t.same(order, ['unlock', 'lock', 'state', 'page', 'next page']);
});

t.test('one that fails takes nobody with it', async (t) => {
  const turns = new Turns();
  const failed = turns.take('command', async () => {
    throw new RangeError('no');
  });
  const next = turns.take('command', async () => 'next');
  await t.rejects(failed, RangeError);
  t.equal(await next, 'next');
});
