/** The support's requests. Whatever is answered fits its schema, or is a refusal. */
import { compactDecrypt, errors } from 'jose';
import * as v from 'valibot';
import { CaseRow, SealedPicture, SupportCase, type SupportLink } from '../../../wire/support.ts';
import type { SealKey } from './kept.ts';

/** `stranger`: the token is good no more. `gone`: there is no such case any more. `lost`: no answer. */
export type Trouble = 'stranger' | 'gone' | 'lost';
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

const List = v.strictObject({ name: v.string(), cases: v.array(CaseRow) });
export type CaseList = v.InferOutput<typeof List>;
const Checked = v.strictObject({ check: v.string() });
const Flagged = v.strictObject({ alwaysCode: v.literal(true) });
const Picture = v.strictObject({ sealed: SealedPicture });

export interface SupportApi {
  cases(): Promise<Reply<CaseList>>;
  /** Its owner is told. */
  look(one: string): Promise<Reply<SupportCase>>;
  /** Its owner is told. @returns a picture as a file of this browser; `gone` for one that is not for its key */
  picture(one: string, picture: string): Promise<Reply<Blob>>;
  /** A code at every hand-over there from now on. Its owner is told, and can undo it. */
  alwaysCode(one: string): Promise<Reply<unknown>>;
  /** @returns the six digits of the key */
  giveKey(): Promise<Reply<string>>;
}

const patienceMs = 20_000;
const wrap = { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] };

/** Pictures alone: what begins otherwise is shown by nothing. */
function typeOf([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xff && b === 0xd8 && c === 0xff) return 'image/jpeg';
  return a === 0x89 && b === 0x50 && c === 0x4e ? 'image/png' : undefined;
}

export function supportApi({ api, token }: SupportLink, key: SealKey): SupportApi {
  async function call<S extends v.GenericSchema>(
    method: 'GET' | 'PUT',
    path: string,
    schema: S,
    body?: object,
  ): Promise<Reply<v.InferOutput<S>>> {
    try {
      const response = await fetch(new URL(path, api), {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        ...({ credentials: 'omit', referrerPolicy: 'no-referrer' } as const),
        signal: AbortSignal.timeout(patienceMs),
      });
      if (response.status === 401) return { ok: false, trouble: 'stranger' };
      if (response.status === 404) return { ok: false, trouble: 'gone' };
      const read = v.safeParse(schema, await response.json());
      return response.ok && read.success ? { ok: true, value: read.output } : { ok: false, trouble: 'lost' };
    } catch {
      return { ok: false, trouble: 'lost' };
    }
  }

  return {
    cases: () => call('GET', '/v1/support/cases', List),
    look: (one) => call('GET', `/v1/support/cases/${one}`, SupportCase),
    picture: async (one, picture) => {
      const got = await call('GET', `/v1/support/cases/${one}/pictures/${picture}`, Picture);
      if (!got.ok) return got;
      try {
        const { plaintext } = await compactDecrypt(got.value.sealed, key.privateKey, wrap);
        const type = typeOf(plaintext);
        if (type === undefined) return { ok: false, trouble: 'gone' };
        return { ok: true, value: new Blob([plaintext as Uint8Array<ArrayBuffer>], { type }) };
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof DOMException) return { ok: false, trouble: 'gone' };
        throw error;
      }
    },
    alwaysCode: (one) => call('PUT', `/v1/support/cases/${one}/always-code`, Flagged, {}),
    giveKey: async () => {
      const given = await call('PUT', '/v1/support/key', Checked, { seal: key.jwk });
      return given.ok ? { ok: true, value: given.value.check } : given;
    },
  };
}
