/** What widens access: signed with this device's key and, where the hub pinned one with it, confirmed with its passkey. */
import type * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import type { DocumentForm } from '../../../../wire/jws.ts';
import type { Passkey } from '../../../../wire/passkey.ts';
import { confirmDocument } from '../../common/passkey.ts';
import { type DeviceSignKey, signDocument } from './documents.ts';

/** @returns the document, with its assertion; PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE: nothing was signed that anybody would take */
export async function signWidening<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  claims: v.InferInput<S>,
  key: DeviceSignKey,
  passkey: Passkey | undefined,
): Promise<Verdict<string>> {
  const jws = await signDocument(form, claims, key);
  return passkey === undefined ? accept(jws) : confirmDocument(jws, passkey);
}
