import fc from 'fast-check';
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { newSignKey } from '../support/keys.ts';
import { Carrier } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { ask, makeWorld, until } from '../support/world.ts';

const who = fc.nat({ max: 2 });
const which = fc.nat({ max: 40 });
const step = fc.oneof(
  fc.record({ do: fc.constant('announce' as const), who }),
  fc.record({ do: fc.constant('hook' as const), who }),
  fc.record({
    do: fc.constantFrom('show', 'link', 'cancel', 'collect', 'answer', 'assign', 'start', 'pictures'),
    who,
    which,
  }),
  fc.record({ do: fc.constantFrom('show-hook', 'attempts', 'replay', 'rotate', 'change', 'remove'), who, which }),
);

const calls: Readonly<Record<string, readonly [method: string, path: string, body?: object]>> = {
  show: ['GET', ''],
  link: ['POST', '/task-link', {}],
  cancel: ['POST', '/cancel', {}],
  collect: ['POST', '/collectable', {}],
  answer: ['POST', '/dispute-answer', { text: 'We look for it.' }],
  pictures: ['GET', '/pictures'],
  assign: ['POST', '/assignment', { assignment: 'a.b.c' }],
  start: ['POST', '/on-the-way', {}],
  'show-hook': ['GET', ''],
  attempts: ['GET', '/attempts'],
  replay: ['POST', '/replays', { since: 0 }],
  rotate: ['POST', '/secret-rotations', {}],
  change: ['PUT', '', { url: 'https://hermes.example/x' }],
  remove: ['DELETE', ''],
};
const ofHooks = new Set(['show-hook', 'attempts', 'replay', 'rotate', 'change', 'remove']);

t.test("S072, T23: however several carriers' calls mingle, none sees, moves or hears of another's", async (t) => {
  const world = await makeWorld(t, { broker: false });
  await world.cloud.start();
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const makeSandbox = async (): Promise<Carrier> => {
    const key = await newSignKey('ES256');
    const body = { name: 'Hermes', jwk: key.jwk, sandbox: true };
    const made = (await ask(world.cloud, 'POST', '/v1/carriers', { headers, body })).body;
    return new Carrier(world, key, made.carrier, made.clientSecret);
  };
  const address = world.cloud.app.server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const nowS = Math.floor(Date.now() / 1000);
  const wish = { door: 'door-sandbox-owner-says-no', from: nowS, until: nowS + 7200, parcels: 1, reference: 'r' };
  let refused = 0;
  let answered = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 40 }), async (steps) => {
      const carriers = [await makeSandbox(), await makeSandbox(), await makeSandbox()];
      const deliveries: { readonly id: string; readonly of: number }[] = [];
      const hooks: { readonly id: string; readonly of: number }[] = [];
      const gone = new Set<string>();
      const play = async (one: (typeof steps)[number]): Promise<void> => {
        const carrier = carriers[one.who]!;
        if (one.do === 'announce') {
          const { status, body } = await carrier.ask('POST', '/v1/deliveries?pace=0', { body: wish });
          if (status !== 201) throw new TypeError(`announce: ${status}`);
          deliveries.push({ id: body.delivery, of: one.who });
          return;
        }
        if (one.do === 'hook') {
          const { status, body } = await carrier.ask('POST', '/v1/webhooks', {
            body: { url: 'https://hermes.example/x', enabled: false },
          });
          if (status === 201) hooks.push({ id: body.webhook, of: one.who });
          return;
        }
        if (!('which' in one)) return;
        const isHook = ofHooks.has(one.do);
        const known = isHook ? hooks : deliveries;
        const thing = known[one.which % Math.max(1, known.length)] ?? { id: newId(), of: -1 };
        const [method, rest, body] = calls[one.do]!;
        const path = `/v1/${isHook ? 'webhooks' : 'deliveries'}/${thing.id}${rest}`;
        const answer = await carrier.ask(method, path, body === undefined ? {} : { body });
        if (one.do === 'remove' && answer.status === 200) gone.add(thing.id);
        if (thing.of !== one.who) {
          if (answer.status !== 404) throw new TypeError(`${method} ${path}: ${answer.status} for a stranger`);
          if (thing.of >= 0) refused += 1;
        } else if (answer.status === 404) {
          if (!gone.has(thing.id)) throw new TypeError(`${method} ${path}: not found by its own carrier`);
        } else answered += 1;
      };
      // Four at a time, of whichever carriers.
      for (let from = 0; from < steps.length; from += 4) await Promise.all(steps.slice(from, from + 4).map(play));
      for (const [index, carrier] of carriers.entries()) {
        const own = new Set(deliveries.filter((one) => one.of === index).map(({ id }) => id));
        const stream = await openStream(`${base}/v1/carrier/events?after=0`, {
          authorization: `Bearer ${await carrier.token()}`,
        });
        const over = async () => {
          const states = await Promise.all(
            [...own].map(async (id) => (await carrier.ask('GET', `/v1/deliveries/${id}`)).body.state),
          );
          return states.every((state) => state === 'cancelled');
        };
        await until('its deliveries are played', over);
        const ended = () => stream.events.filter(({ data }) => data.state === 'cancelled').length;
        await until('it has heard of all of them', () => ended() === own.size);
        stream.close();
        if (stream.events.some(({ data }) => !own.has(data.delivery))) throw new TypeError("it heard of another's");
        const listed = (await carrier.ask('GET', '/v1/webhooks')).body.webhooks as { webhook: string }[];
        const mine = hooks.filter((one) => one.of === index && !gone.has(one.id)).map(({ id }) => id);
        if (
          listed
            .map(({ webhook }) => webhook)
            .sort()
            .join() !== mine.sort().join()
        )
          throw new TypeError('webhooks');
      }
    }),
    { numRuns: 16, endOnFailure: true },
  );
  t.ok(refused > 15 && answered > 5, `${refused} refused, ${answered} answered`);
});
