/** The burglar: tricks as data. Each one plays with what could be overheard, and says what the cloud or the hub made of it. */
import * as v from 'valibot';
import type { FaultCode } from '../../wire/faults.ts';
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import { acts, knockForm } from '../../wire/knock.ts';
import type { VisitView } from '../../wire/visit-view.ts';
import { type Claims, resign, tamper, unsign } from './forge.ts';
import type { Call, HttpClient } from './http.ts';
import { type KeptKey, makeSignKey } from './keys.ts';

/** Everything that somebody on the line, or with the link, could hold. Not the courier's key: that never leaves the phone. */
export interface Loot {
  readonly http: HttpClient;
  /** The task link's token. */
  readonly token?: string;
  readonly hub?: string;
  /** The grant, compact JWS. */
  readonly grant?: string;
  /** The last view of the visit, with nonces that are still good. */
  readonly view?: VisitView;
  /** Knocks that the courier has sent. */
  readonly knocks?: readonly string[];
  /** Knocks that the courier signed and that were kept from the hub, and waiting until they are too late. */
  readonly withheld?: { readonly knocks: readonly string[]; readonly wait: () => Promise<void> };
}

export interface TrickOutcome {
  readonly trick: TrickName;
  readonly tried: number;
  /** What was accepted, by its name; empty when everything was refused. */
  readonly accepted: readonly string[];
  /** Why each of the others was refused, by its name. */
  readonly refused: Readonly<Record<string, FaultCode>>;
  /** Something was tried and nothing was accepted. */
  readonly held: boolean;
}

export interface Trick {
  /** Attacks of `attacks.md` that it stands for. */
  readonly cites: readonly string[];
  readonly says: string;
  /** Which parts of the loot it needs; without them it tries nothing. */
  readonly needs: readonly (keyof Loot)[];
  readonly attempts: (loot: Loot) => Promise<Attempts>;
}

/** Name of an attempt -> the request that it makes. */
type Attempts = Readonly<Record<string, Call>>;

const knockCall = (visit: string, knock: string): Call => ({
  method: 'POST',
  path: `/v1/visits/${visit}/acts`,
  body: { knock },
});

const claimCall = (token: string, proof: KeptKey): Call => ({
  method: 'POST',
  path: `/v1/tasks/${token}/claim`,
  body: {},
  proof,
});

/** Knocks of `loot`, each made into something else, to the visit that they were for. */
async function knocksAs(
  loot: Loot,
  change: (knock: string) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>,
): Promise<Attempts> {
  const attempts: Record<string, Call> = {};
  for (const [index, knock] of (loot.knocks ?? []).entries()) {
    for (const [name, forged] of Object.entries(await change(knock))) {
      attempts[`${name} ${index}`] = knockCall(loot.view?.visit ?? '', forged);
    }
  }
  return attempts;
}

/** A changed value for each claim of a knock. */
const lies = (): Readonly<Record<string, Claims>> => ({
  aud: { aud: `hub-${'z'.repeat(20)}` },
  jti: { jti: newId() },
  iat: { iat: 2_000_000_000 },
  act: { act: 'open', role: 'owner' },
  visit: { visit: newId() },
  grant: { grant: hashOf('another grant') },
  nonce: { nonce: newId() },
  superuser: { superuser: true },
});

export const tricks = {
  replay: {
    cites: ['T18', 'T44'],
    says: 'sends every overheard knock once more',
    needs: ['view', 'knocks'],
    attempts: (loot) => knocksAs(loot, (knock) => ({ knock })),
  },
  tamper: {
    cites: ['T09'],
    says: 'changes one claim of an overheard knock and keeps its signature',
    needs: ['view', 'knocks'],
    attempts: (loot) =>
      knocksAs(loot, (knock) =>
        Object.fromEntries(Object.entries(lies()).map(([name, claims]) => [name, tamper(knock, { claims })])),
      ),
  },
  unsign: {
    cites: ['T09', 'T18'],
    says: 'takes the signature off and writes alg none',
    needs: ['view', 'knocks'],
    attempts: (loot) => knocksAs(loot, (knock) => ({ unsigned: unsign(knock) })),
  },
  resign: {
    cites: ['T18', 'T44'],
    says: 'signs overheard knocks again with a key of its own, openly and under the name of the other key',
    needs: ['view', 'knocks'],
    attempts: async (loot) => {
      const key = await makeSignKey();
      return knocksAs(loot, async (knock) => ({
        'own name': await resign(knock, key, 'own', { jti: newId() }),
        'their name': await resign(knock, key, 'theirs', { jti: newId() }),
      }));
    },
  },
  copy: {
    cites: ['T44'],
    says: 'uses the copied grant and the nonces of the moment with a key of its own',
    needs: ['view', 'grant', 'hub'],
    attempts: async ({ http, view, grant, hub }) => {
      const key = await makeSignKey();
      const iat = Math.floor(http.clock.now() / 1000);
      const attempts: Record<string, Call> = {
        'look at the visit': { method: 'GET', path: `/v1/visits/${view!.visit}`, proof: key },
      };
      for (const act of acts) {
        const nonce = view!.nonces[act];
        if (nonce === undefined) continue;
        const claims = { aud: hub!, jti: newId(), iat, act, visit: view!.visit, grant: hashOf(grant!), nonce };
        attempts[act] = knockCall(view!.visit, await signDocument(knockForm, claims, key));
      }
      return attempts;
    },
  },
  takeGrant: {
    cites: ['T44'],
    says: 'asks for the grant of a link that another phone has claimed',
    needs: ['token'],
    attempts: async ({ token }) => {
      const proof = await makeSignKey();
      return {
        grant: { method: 'GET', path: `/v1/tasks/${token}/grant`, proof },
        prepare: { method: 'POST', path: `/v1/tasks/${token}/prepare`, body: {}, proof },
        'grant without a proof': { method: 'GET', path: `/v1/tasks/${token}/grant` },
      };
    },
  },
  secondDevice: {
    cites: ['T44'],
    says: 'opens a link on a second device',
    needs: ['token'],
    attempts: async ({ token }) => ({ claim: claimCall(token!, await makeSignKey()) }),
  },
  late: {
    cites: ['T18'],
    says: 'keeps a genuine knock back and sends it when its time is over',
    needs: ['view', 'withheld'],
    attempts: async ({ view, withheld }) => {
      await withheld!.wait();
      return Object.fromEntries(withheld!.knocks.map((knock, n) => [`late ${n}`, knockCall(view!.visit, knock)]));
    },
  },
} as const satisfies Record<string, Trick>;

export type TrickName = keyof typeof tricks;

/**
 * Plays one trick: makes its requests one after the other and notes what came back.
 * What is missing in the loot is no trick: then `tried` is 0 and `held` false.
 */
export async function play(name: TrickName, loot: Loot): Promise<TrickOutcome> {
  const trick: Trick = tricks[name];
  const attempts = trick.needs.every((part) => loot[part] !== undefined) ? await trick.attempts(loot) : {};
  const accepted: string[] = [];
  const refused: Record<string, FaultCode> = {};
  for (const [attempt, call] of Object.entries(attempts)) {
    const reply = await loot.http.call(call, v.unknown());
    if (reply.ok) accepted.push(attempt);
    else refused[attempt] = reply.code;
  }
  const tried = Object.keys(attempts).length;
  return { trick: name, tried, accepted, refused, held: tried > 0 && accepted.length === 0 };
}

/** A stranger who was sent the link and presses first. @returns the key it claimed with: its digits are nobody's courier's */
export async function pressFirst(loot: Required<Pick<Loot, 'http' | 'token'>>): Promise<KeptKey> {
  const key = await makeSignKey();
  await loot.http.call(claimCall(loot.token, key), v.unknown());
  return key;
}
