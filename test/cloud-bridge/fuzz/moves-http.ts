/** Requests, changed in path, headers and body. */
import { proofForm } from '../../../cloud-bridge/http/dpop.ts';
import { enrolmentForm } from '../../../wire/enrolment.ts';
import { proveHandover } from '../../../wire/handover.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { knockForm } from '../../../wire/knock.ts';
import { ownerListForm } from '../../../wire/owner.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { newTlsKeys, toCsr } from '../support/hub.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import type { Move } from './moves-documents.ts';
import { mutateJson, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import { type HttpAnswer, type HttpCall, nowS, type Street, signAnything } from './street.ts';

const somewhere = (random: Random): string => `192.0.2.${random.below(250)}.${random.id(6)}`;

/** Good requests to change. */
const goodCalls: readonly ((street: Street) => HttpCall)[] = [
  () => ({ method: 'POST', path: '/v1/homes', body: {} }),
  (street) => ({ method: 'POST', path: `${street.home}/enrolment-tokens`, body: {} }),
  (street) => ({ method: 'POST', path: '/v1/carriers', body: { name: 'Hermes', jwk: street.carrierKey.jwk } }),
  () => ({ method: 'GET', path: '/v1/hubs' }),
  (street) => ({
    method: 'POST',
    path: '/v1/deliveries',
    body: { door: street.door, from: nowS(), until: nowS() + 600, parcels: 1, reference: 'r' },
  }),
  () => ({ method: 'POST', path: `/v1/deliveries/${newId()}/assignment`, body: { assignment: 'a.b.c' } }),
  () => ({ method: 'GET', path: `/v1/tasks/${hashOf(newId())}` }),
  () => ({ method: 'POST', path: `/v1/tasks/${hashOf(newId())}/claim`, body: {} }),
  (street) => ({ method: 'POST', path: `${street.home}/guests`, body: { token: hashOf(newId()) } }),
  () => ({ method: 'POST', path: `/v1/guests/${hashOf(newId())}/claim`, body: { proof: hashOf('a') } }),
  () => ({ method: 'POST', path: `/v1/guests/${hashOf(newId())}/visits`, body: { rule: 'r' } }),
  () => ({ method: 'POST', path: `/v1/visits/${newId()}/acts`, body: { knock: 'a.b.c' } }),
  (street) => ({ method: 'GET', path: `${street.home}/journal?after=0&limit=10` }),
  (street) => ({ method: 'GET', path: `${street.home}/grants?waiting=true` }),
  (street) => ({ method: 'GET', path: `${street.home}/documents` }),
  (street) => ({ method: 'GET', path: `${street.home}/carriers` }),
  (street) => ({ method: 'POST', path: `${street.home}/documents`, body: { document: 'x'.repeat(20) } }),
  (street) => ({ method: 'POST', path: `${street.home}/locks/orders`, body: { order: 'a.b.c' } }),
];

async function credentials(street: Street, random: Random, call: HttpCall): Promise<Record<string, string>> {
  const token = random.pick([street.operatorToken, street.carrierToken]);
  const key = random.pick([street.owner, street.courier]);
  return {
    'idempotency-key': newId(),
    authorization: `Bearer ${token}`,
    ...(await street.proof(key, call.method, call.path)),
  };
}

const toPath = (text: string): string => `/${encodeURI(text.replace(/[\ud800-\udfff]/g, '')).replace(/^\/+/, '')}`;

/** A hub's answer, changed: what the cloud makes of it is a problem, never a crash. */
async function withHubAnswer(
  street: Street,
  value: Record<string, unknown>,
  play: () => Promise<HttpAnswer>,
): Promise<readonly HttpAnswer[]> {
  street.answer = async () => ({ ok: true, value });
  try {
    return [await play()];
  } finally {
    street.answer = undefined;
  }
}

async function enrolment(
  street: Street,
  change: (request: Record<string, string>) => unknown,
): Promise<readonly HttpAnswer[]> {
  const { home } = (await street.bearer(street.operatorToken, 'POST', '/v1/homes', {})).body;
  const { token } = (await street.bearer(street.operatorToken, 'POST', `/v1/homes/${home}/enrolment-tokens`, {})).body;
  const request = await street.hub.enrolmentRequest(token, await csr());
  return [await street.call({ method: 'POST', path: '/v1/hubs/enrol', body: change(request), from: newId() })];
}

let oneCsr: Promise<string> | undefined;
const csr = (): Promise<string> => {
  oneCsr ??= newTlsKeys().then((keys) => toCsr(keys));
  return oneCsr;
};

async function handover(street: Street, ownerList: string): Promise<readonly HttpAnswer[]> {
  const device = { sign: street.owner.jwk as EcJwk, seal: street.ownerSeal };
  const proof = await proveHandover('phone', street.hub.code, device);
  const body = { hub: street.hub.id, device, proof };
  const answer = { ownerList, proof: await proveHandover('hub', street.hub.code, device) };
  return withHubAnswer(street, answer, () => street.call({ method: 'POST', path: '/v1/handover', body }));
}

const cancelled = new WeakMap<Street, Promise<string>>();
const deadLinks = new WeakMap<Street, Promise<string>>();
const openTasks = new WeakMap<Street, Promise<string>>();
const unclaimed = new WeakMap<Street, Promise<string>>();
const once = async <T>(known: WeakMap<Street, Promise<T>>, street: Street, make: () => Promise<T>): Promise<T> => {
  const one = known.get(street) ?? make();
  known.set(street, one);
  return one;
};

const claimedLink = (street: Street): Promise<string> =>
  once(openTasks, street, async () => (await street.task(street.courier)).token);

const invitations = new WeakMap<Street, Promise<string>>();
const deadInvitations = new WeakMap<Street, Promise<string>>();

/** A guest's link that the courier's phone has opened. @returns its token */
async function invite(street: Street): Promise<string> {
  const token = hashOf(newId());
  await street.as(street.owner, 'POST', `${street.home}/guests`, { token });
  await street.as(street.courier, 'POST', `/v1/guests/${token}/claim`, { proof: hashOf('a') });
  return token;
}

export const httpMoves: readonly Move[] = [
  {
    name: 'http: body changed',
    play: async (street, random) => {
      const call = random.pick(goodCalls)(street);
      const headers = await credentials(street, random, call);
      const body = call.body === undefined ? undefined : mutateJson(random, call.body);
      return [
        await street.call({ ...call, headers, from: somewhere(random), ...(body === undefined ? {} : { body }) }),
      ];
    },
  },
  {
    name: 'http: body is no JSON',
    play: async (street, random) => {
      const call = random.pick(goodCalls.filter((one) => one(street).method === 'POST'))(street);
      const headers = await credentials(street, random, call);
      const body = mutateText(random, JSON.stringify(call.body) ?? '{}');
      return [await street.call({ ...call, headers, body, from: somewhere(random) })];
    },
  },
  {
    name: 'http: path changed',
    play: async (street, random) => {
      const call = random.pick(goodCalls)(street);
      const headers = await credentials(street, random, call);
      return [
        await street.call({ ...call, path: toPath(mutateText(random, call.path)), headers, from: somewhere(random) }),
      ];
    },
  },
  {
    name: 'http: headers changed',
    play: async (street, random) => {
      const call = random.pick(goodCalls)(street);
      const headers = await credentials(street, random, call);
      const name = random.pick(Object.keys(headers));
      headers[name] = mutateText(random, headers[name]!).replace(/[^\x20-\x7e]/g, '?');
      return [await street.call({ ...call, headers, from: somewhere(random) })];
    },
  },
  {
    name: 'http: too big',
    play: async (street, random) => {
      const headers = { authorization: `Bearer ${street.carrierToken}`, 'idempotency-key': newId() };
      const body = { reference: 'x'.repeat(8_192 + random.below(10_000)) };
      return [await street.call({ method: 'POST', path: '/v1/deliveries', headers, body })];
    },
  },
  {
    name: 'http: from an address that guesses',
    play: async (street) => {
      const guess = () => street.call({ method: 'GET', path: '/v1/hubs', from: '198.51.100.1' });
      let answer = await guess();
      for (let tries = 0; answer.status === 401 && tries < 30; tries++) answer = await guess();
      return [answer];
    },
  },
  {
    name: 'proof: changed anywhere',
    signedAgain: true,
    play: async (street, random) => {
      const claims = { htm: 'GET', htu: `http://cloud.test${street.home}`, iat: nowS(), jti: newId() };
      const dpop = await signAnything(street.owner, proofForm.typ, mutateJson(random, claims), 'jwk');
      return [await street.call({ method: 'GET', path: street.home, headers: { dpop }, from: somewhere(random) })];
    },
  },
  {
    name: 'proof: used twice',
    play: async (street, random) => {
      const headers = await street.proof(street.owner, 'GET', street.home);
      const call = { method: 'GET', path: street.home, headers, from: somewhere(random) } as const;
      return [await street.call(call), await street.call(call)];
    },
  },
  {
    name: 'idempotency: no key',
    play: async (street) => {
      const headers = { authorization: `Bearer ${street.operatorToken}` };
      return [await street.call({ method: 'POST', path: '/v1/homes', headers, body: {} })];
    },
  },
  {
    name: 'idempotency: a key for another request',
    play: async (street) => {
      const headers = { authorization: `Bearer ${street.operatorToken}`, 'idempotency-key': newId() };
      const path = `/v1/homes/${newId()}`;
      await street.call({ method: 'POST', path: '/v1/homes', headers, body: {} });
      return [await street.call({ method: 'POST', path: `${path}/enrolment-tokens`, headers, body: {} })];
    },
  },
  {
    name: 'idempotency: two at once',
    play: async (street) => {
      const path = `${street.home}/documents`;
      const claims = { aud: street.hub.id, jti: newId(), iat: nowS(), ends: { kind: 'guest', id: 'g' } };
      const body = { document: await signAnything(street.owner, 'revocation+jwt', claims) };
      const key = newId();
      const call = async (): Promise<HttpAnswer> => {
        const headers = { ...(await street.proof(street.owner, 'POST', path)), 'idempotency-key': key };
        return street.call({ method: 'POST', path, headers, body });
      };
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      street.answer = async () => {
        await held;
        return { ok: false, code: 'DOCUMENT_TYPE_UNKNOWN' };
      };
      const first = call();
      let second = await call();
      for (let tries = 0; second.body.code !== 'IDEMPOTENCY_IN_FLIGHT' && tries < 20; tries++) second = await call();
      release();
      const answers = [await first, second];
      street.answer = undefined;
      return answers;
    },
  },
  {
    name: 'delivery: not allowed',
    play: async (street, random) => {
      const wish = { door: street.door, from: nowS(), until: nowS() + 600, parcels: 1, reference: 'r' };
      const wrong = random.pick([
        { door: `door-${'z'.repeat(20)}` },
        { from: 1, until: 2 },
        { from: nowS() + 90_000, until: nowS() + 90_001 },
      ]);
      return [await street.bearer(street.carrierToken, 'POST', '/v1/deliveries', { ...wish, ...wrong })];
    },
  },
  {
    name: 'delivery: over',
    play: async (street, random) => {
      const delivery = await once(cancelled, street, async () => {
        const task = await street.task(await newSignKey('ES256'));
        await street.bearer(street.carrierToken, 'POST', `/v1/deliveries/${task.delivery}/cancel`, {});
        return task.delivery;
      });
      const [what, body] = random.pick([
        ['task-link', {}],
        ['assignment', { assignment: 'a.b.c' }],
      ] as const);
      return [await street.bearer(street.carrierToken, 'POST', `/v1/deliveries/${delivery}/${what}`, body)];
    },
  },
  {
    name: 'task: dead',
    play: async (street, random) => {
      const dead = await once(deadLinks, street, async () => {
        const task = await street.task(street.courier);
        await street.as(street.stranger, 'POST', `/v1/tasks/${task.token}/claim`, {});
        return task.token;
      });
      const what = random.pick(['claim', 'prepare']);
      return [await street.as(street.courier, 'POST', `/v1/tasks/${dead}/${what}`, {})];
    },
  },
  {
    name: 'task: of another device',
    play: async (street) => [await street.as(street.stranger, 'GET', `/v1/tasks/${await claimedLink(street)}/grant`)],
  },
  {
    name: 'task: not ready',
    play: async (street) => [
      await street.as(street.courier, 'POST', `/v1/tasks/${await claimedLink(street)}/prepare`, {}),
    ],
  },
  {
    name: 'task: not claimed',
    play: async (street) => {
      const token = await once(unclaimed, street, async () => {
        const wish = { door: street.door, from: nowS(), until: nowS() + 600, parcels: 1, reference: 'r' };
        const { delivery } = (await street.bearer(street.carrierToken, 'POST', '/v1/deliveries', wish)).body;
        return (await street.bearer(street.carrierToken, 'POST', `/v1/deliveries/${delivery}/task-link`, {})).body
          .token;
      });
      return [await street.as(street.courier, 'GET', `/v1/tasks/${token}/grant`)];
    },
  },
  {
    name: 'guest: not accepted yet',
    play: async (street, random) => {
      const token = await once(invitations, street, () => invite(street));
      const [method, what, body] = random.pick([
        ['GET', 'doors', undefined],
        ['POST', 'visits', { rule: 'r' }],
      ] as const);
      return [await street.as(street.courier, method, `/v1/guests/${token}/${what}`, body)];
    },
  },
  {
    name: 'guest: opened on two devices',
    play: async (street, random) => {
      const dead = await once(deadInvitations, street, async () => {
        const token = await invite(street);
        await street.as(street.stranger, 'POST', `/v1/guests/${token}/claim`, { proof: hashOf('b') });
        return token;
      });
      const what = random.pick(['claim', 'prepare']);
      const body = what === 'claim' ? { proof: hashOf('a') } : {};
      return [await street.as(street.courier, 'POST', `/v1/guests/${dead}/${what}`, body)];
    },
  },
  {
    name: 'knock: changed anywhere',
    signedAgain: true,
    play: async (street, random) => {
      const visit = newId();
      const claims = {
        aud: street.hub.id,
        jti: newId(),
        iat: nowS(),
        act: 'unlock',
        visit,
        grant: hashOf('g'),
        nonce: newId(),
      };
      const knock = await signAnything(street.courier, knockForm.typ, mutateJson(random, claims), 'jwk');
      return [
        await street.call({
          method: 'POST',
          path: `/v1/visits/${visit}/acts`,
          body: { knock },
          from: somewhere(random),
        }),
      ];
    },
  },
  {
    name: 'enrolment: body changed',
    play: (street, random) => enrolment(street, (request) => mutateJson(random, request)),
  },
  {
    name: 'enrolment: proof changed anywhere',
    signedAgain: true,
    play: async (street, random) => {
      const seal = await newEcJwk();
      const token = newId();
      const claims = { iat: nowS(), token: hashOf(token), csr: hashOf(await csr()), seal };
      const proof = await signAnything(street.hub.sign, enrolmentForm.typ, mutateJson(random, claims), 'jwk');
      return enrolment(street, (request) => ({ ...request, token, proof }));
    },
  },
  {
    name: 'enrolment: another signature',
    play: (street, random) =>
      enrolment(street, (request) => {
        const parts = request.proof!.split('.');
        return { ...request, proof: `${parts[0]}.${parts[1]}.${random.id(86)}` };
      }),
  },
  {
    name: 'enrolment: another token',
    signedAgain: true,
    play: async (street) => {
      const request = await street.hub.enrolmentRequest(newId(), await csr());
      return enrolment(street, () => request);
    },
  },
  {
    name: 'enrolment: a home that has its hub',
    play: async (street) => [await street.bearer(street.operatorToken, 'POST', `${street.home}/enrolment-tokens`, {})],
  },
  {
    name: 'hand-over: refused by the hub',
    play: async (street) => {
      const device = { sign: street.stranger.jwk, seal: street.ownerSeal };
      const body = { hub: street.hub.id, device, proof: hashOf(newId()) };
      return [await street.call({ method: 'POST', path: '/v1/handover', body })];
    },
  },
  {
    name: 'hand-over: list changed anywhere',
    signedAgain: true,
    play: async (street, random) => {
      const claims = { iss: street.hub.id, version: 0, iat: nowS(), devices: [] };
      const changed = mutateJson(random, claims) as Record<string, unknown>;
      // A newer list that the hub has signed is the hub's right: the home would have other owners from then on.
      if (typeof changed.version === 'number') changed.version = 0;
      return handover(street, await signAnything(street.hub.sign, ownerListForm.typ, changed));
    },
  },
  {
    name: 'hand-over: list by another key',
    signedAgain: true,
    play: async (street) => handover(street, await street.ownerList(0, await newSignKey('Ed25519'))),
  },
  {
    name: 'hub: its answer changed anywhere',
    play: async (street, random) => {
      const view = { ownerList: random.pick([1, null, 'x']), proof: mutateJson(random, { a: 1 }) };
      const device = { sign: street.owner.jwk as EcJwk, seal: street.ownerSeal };
      const proof = await proveHandover('phone', street.hub.code, device);
      const body = { hub: street.hub.id, device, proof };
      return withHubAnswer(street, view, () => street.call({ method: 'POST', path: '/v1/handover', body }));
    },
  },
];
