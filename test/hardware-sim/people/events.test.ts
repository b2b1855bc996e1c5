import t from 'tap';
import { EventParser, followEvents, type ServerEvent } from '../../../hardware-sim/people/events.ts';
import { HttpClient } from '../../../hardware-sim/people/http.ts';
import { Told } from '../../../hardware-sim/people/told.ts';
import { no, serve, TestStream } from './http-server.ts';

t.test('events are cut the same wherever the stream is torn', async (t) => {
  const text =
    ': hello\n\nid: 1\nevent: entry\ndata: {"a":\ndata: 1}\n\nid: 2\r\nevent: alarm\r\ndata: x\r\n\r\ndata:y\n\nevent: empty\n\n';
  const expected = [
    { id: '1', type: 'entry', data: '{"a":\n1}' },
    { id: '2', type: 'alarm', data: 'x' },
    { id: '2', type: 'message', data: 'y' },
  ];
  for (let at = 0; at <= text.length; at += 1) {
    const parser = new EventParser();
    t.strictSame([...parser.push(text.slice(0, at)), ...parser.push(text.slice(at))], expected, `torn at ${at}`);
  }
});

t.test('a torn stream goes on after the last event, each event once', async (t) => {
  const stream = new TestStream();
  const server = await serve((asked) => stream.serve(asked));
  const http = new HttpClient({ base: server.base });
  const told = new Told<ServerEvent>(http.clock);
  const lines: string[] = [];
  const following = followEvents(
    http,
    { method: 'GET', path: '/events' },
    { onEvent: (event) => told.tell(event), onLine: (line) => lines.push(line) },
  );
  t.teardown(() => {
    following.close();
    server.close();
    http.close();
  });
  stream.say('one', 1);
  await told.until(({ type }) => type === 'one', 3_000);
  stream.cut();
  stream.say('two', 2);
  await told.until(({ type }) => type === 'two', 3_000);
  stream.say('three', 3);
  await told.until(({ type }) => type === 'three', 3_000);
  t.strictSame(
    told.items.map(({ id, type }) => [id, type]),
    [
      ['1', 'one'],
      ['2', 'two'],
      ['3', 'three'],
    ],
  );
  t.strictSame(lines, ['open', 'lost', 'open']);
  t.equal(server.asked[1]?.headers['last-event-id'], '1');
  following.close();
  t.equal(await following.ended, undefined);
  t.equal(following.lastEventId, '3');
});

t.test('a refusal for which no retry helps ends the following', async (t) => {
  const server = await serve(() => no('NOT_FOUND'));
  const http = new HttpClient({ base: server.base });
  t.teardown(() => {
    server.close();
    http.close();
  });
  const following = followEvents(http, { method: 'GET', path: '/events' }, { onEvent: () => {} });
  t.match(await following.ended, { code: 'NOT_FOUND', status: 404 });
  t.equal(server.asked.length, 1);
});

t.test('waiting for news that never comes ends with nothing', async (t) => {
  const told = new Told<number>(new HttpClient({ base: 'http://127.0.0.1:1' }).clock);
  const waiting = told.until((n) => n === 2, 20);
  told.tell(1);
  t.equal(await waiting, undefined);
  t.equal(await told.until((n) => n === 1, 0), 1);
});
