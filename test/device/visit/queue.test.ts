import t from 'tap';
import { Queue } from '../../../device/visit/queue.ts';
import { settle } from './wound-clock.ts';

t.test('takes one at a time, in order', async (t) => {
  const log: string[] = [];
  const queue = new Queue<string>(async (item) => {
    log.push(`begin ${item}`);
    await settle();
    log.push(`end ${item}`);
  });
  await Promise.all([queue.push('a'), queue.push('b')]);
  t.same(log, ['begin a', 'end a', 'begin b', 'end b']);
});

t.test('an item is settled with all that it caused', async (t) => {
  const taken: string[] = [];
  const queue = new Queue<string>(async (item, hold) => {
    taken.push(item);
    if (item === 'a') hold(settle().then(() => 'b'));
    if (item === 'b') hold(Promise.resolve('c'));
  });
  await queue.push('a');
  t.same(taken, ['a', 'b', 'c']);
});

t.test('what nobody awaits any more holds nothing up, and still comes', async (t) => {
  const taken: string[] = [];
  let answer: (item: string) => void = () => undefined;
  const queue = new Queue<string>(async (item, hold) => {
    taken.push(item);
    const late = new Promise<string>((resolve) => {
      answer = resolve;
    });
    if (item === 'a') hold(late, { untilNext: true });
  });
  const settled = queue.push('a');
  await settle();
  queue.forget();
  await settled;
  answer('late');
  await settle();
  t.same(taken, ['a', 'late']);
});

t.test('a closed queue lets everybody go and takes nothing', async (t) => {
  const taken: string[] = [];
  const queue = new Queue<string>(async (item) => {
    taken.push(item);
    await settle();
  });
  const first = queue.push('a');
  const second = queue.push('b');
  queue.close();
  await Promise.all([first, second, queue.push('c')]);
  t.same(taken, ['a']);
});
