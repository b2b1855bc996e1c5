/** What the page of a holder asks of the cloud: its link is all that it has. */
import * as v from 'valibot';
import { HolderCodes } from '../../../wire/holder.ts';

export type Asked =
  | { readonly is: 'there'; readonly codes: HolderCodes }
  /** Taken back, or no link at all. */
  | { readonly is: 'gone' }
  | { readonly is: 'silent' };

export async function askCodes({ token, api }: { readonly token: string; readonly api: string }): Promise<Asked> {
  try {
    const response = await fetch(new URL(`/v1/holder-codes/${token}`, api), { referrerPolicy: 'no-referrer' });
    if (response.status === 404 || response.status === 410) return { is: 'gone' };
    const read = v.safeParse(HolderCodes, await response.json());
    return read.success ? { is: 'there', codes: read.output } : { is: 'silent' };
  } catch {
    return { is: 'silent' };
  }
}
