/** What a visitor's phone asks of the cloud: each request with a proof of the task's key (RFC 9449), each answer held against a schema. */
import * as v from 'valibot';
import { HintView } from '../../../wire/door-hint.ts';
import type { FaultCode, Retry } from '../../../wire/faults.ts';
import { GuestView } from '../../../wire/guest.ts';
import { HubId, Jws, Seconds } from '../../../wire/shapes.ts';
import { VisitView } from '../../../wire/visit-view.ts';
import { newId } from '../common/bytes.ts';
import { ask } from './ask.ts';
import { TaskPreview } from './known.ts';
import type { VisitorLink } from './link.ts';
import { signJws, type TaskKey } from './sign.ts';

const Granted = v.object({ grant: Jws, hub: HubId });
export type Granted = v.InferOutput<typeof Granted>;

/** What the cloud or the hub refused; the table of all codes would weigh more than the page. */
export interface Refused {
  readonly ok: false;
  readonly code: FaultCode;
  readonly retry: Retry;
}
export type Reply<T> = { readonly ok: true; readonly value: T } | Refused;

const Problem = v.object({ code: v.string(), retry: v.picklist(['never', 'later', 'fresh']) });

const refuse = (code: FaultCode, retry: Retry): Refused => ({ ok: false, code, retry });

const Asked = v.object({ until: Seconds });
const InvitationPreview = v.object({ state: v.picklist(['open', 'claimed']) });
type Preview = TaskPreview | v.InferOutput<typeof InvitationPreview>;
type FirstAnswer = Promise<Response | undefined> | undefined;

type Method = 'GET' | 'POST' | 'PUT';
/** A photo takes its time on a bad line. */
const photoMs = 60_000;

export interface VisitorApi {
  preview(): Promise<Reply<Preview>>;
  /** Binds the link to this key. Another phone's press kills the link. */
  claim(key: TaskKey): Promise<Reply<unknown>>;
  /** A guest's doors. @returns INVITATION_PENDING until the owner has accepted */
  doors(key: TaskKey): Promise<Reply<GuestView>>;
  /** A guest wants to come in now, by this rule. @param after  the visit before, which has ended */
  ask(key: TaskKey, rule: string, after: string | undefined): Promise<Reply<v.InferOutput<typeof Asked>>>;
  /** How to find the door. @returns NOT_FOUND where there is nothing to show, or nothing to show now */
  hint(key: TaskKey): Promise<Reply<HintView>>;
  /** @returns undefined when it does not come */
  photo(key: TaskKey): Promise<Blob | undefined>;
  found(key: TaskKey): Promise<Reply<unknown>>;
  /** @returns TASK_NOT_READY while carrier or owner have not signed */
  grant(key: TaskKey, door?: string): Promise<Reply<Granted>>;
  /** Shows the grant to the hub. Nothing moves by that. */
  prepare(key: TaskKey, door?: string): Promise<Reply<VisitView>>;
  look(key: TaskKey, visit: string): Promise<Reply<VisitView>>;
  /** What a part of the page asks that is loaded later, below the link. */
  under<S extends v.GenericSchema>(
    method: Method,
    path: string,
    schema: S,
    more: { readonly key: TaskKey; readonly body?: object },
  ): Promise<Reply<v.InferOutput<S>>>;
  /** @param knock  signed, over the hub's nonce */
  act(visit: string, knock: string): Promise<Reply<VisitView>>;
}

/** @param first  what the first screen has asked already */
export function visitorApi({ api, path: link, isGuest, claim }: VisitorLink, first?: FirstAnswer): VisitorApi {
  let early = first;
  /** @throws DOMException, TypeError where nothing comes */
  async function send(method: Method, path: string, key?: TaskKey, body?: object): Promise<Response> {
    const url = `${api}${path}`;
    const headers: Record<string, string> = {};
    if (key !== undefined) {
      const claims = { htm: method, htu: url.split('?', 1)[0], jti: newId(), iat: Math.floor(Date.now() / 1000) };
      headers.DPoP = await signJws('dpop+jwt', claims, key);
    }
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const patience = method === 'PUT' ? { signal: AbortSignal.timeout(photoMs) } : {};
    return ask(url, { method, headers, ...patience, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  async function call<S extends v.GenericSchema>(
    method: Method,
    path: string,
    schema: S,
    { key, body, asked }: { readonly key?: TaskKey; readonly body?: object; readonly asked?: FirstAnswer } = {},
  ): Promise<Reply<v.InferOutput<S>>> {
    let json: unknown;
    let isGood = false;
    try {
      const response = (await asked) ?? (await send(method, path, key, body));
      isGood = response.ok;
      json = await response.json();
    } catch {
      return refuse('CLOUD_SILENT', 'later');
    }
    if (!isGood) {
      const problem = v.safeParse(Problem, json);
      if (!problem.success) return refuse('CLOUD_SILENT', 'later');
      return refuse(problem.output.code as FaultCode, problem.output.retry);
    }
    const parsed = v.safeParse(schema, json);
    return parsed.success ? { ok: true, value: parsed.output } : refuse('MESSAGE_MALFORMED', 'never');
  }
  return {
    preview: () => {
      const asked = early;
      early = undefined;
      return isGuest ? call('GET', link, InvitationPreview) : call('GET', link, TaskPreview, { asked });
    },
    claim: async (key) => call('POST', `${link}/claim`, v.unknown(), { key, body: await claim(key.jkt) }),
    doors: (key) => call('GET', `${link}/doors`, GuestView, { key }),
    ask: (key, rule, after) => call('POST', `${link}/visits`, Asked, { key, body: { rule, after } }),
    grant: (key, door) => call('GET', `${link}/grant${door === undefined ? '' : `?door=${door}`}`, Granted, { key }),
    prepare: (key, door) => call('POST', `${link}/prepare`, VisitView, { key, body: { door } }),
    under: (method, path, schema, more) => call(method, `${link}${path}`, schema, more),
    hint: (key) => call('GET', `${link}/hint`, HintView, { key }),
    photo: async (key) => {
      try {
        const response = await send('GET', `${link}/hint/photo`, key);
        return response.ok ? await response.blob() : undefined;
      } catch {
        return undefined;
      }
    },
    found: (key) => call('POST', `${link}/hint/found`, v.unknown(), { key, body: {} }),
    look: (key, visit) => call('GET', `/v1/visits/${visit}`, VisitView, { key }),
    act: (visit, knock) => call('POST', `/v1/visits/${visit}/acts`, VisitView, { body: { knock } }),
  };
}
