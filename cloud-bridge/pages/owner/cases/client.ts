/** The home's open cases, and pictures for them, as the cloud keeps them. */
import * as v from 'valibot';
import type { Verdict } from '../../../../wire/faults.ts';
import { OwnerCase, SharedPicture } from '../../../../wire/support.ts';
import type { Place } from '../home/course.ts';

const List = v.object({ cases: v.array(OwnerCase) });

export async function readCases({ api, path }: Place): Promise<Verdict<readonly OwnerCase[]>> {
  const listed = await api.call({ method: 'GET', path: `${path}/cases` }, List);
  return listed.ok ? { ok: true, value: listed.value.cases } : listed;
}

/** For one who has looked at this case. @param sealed  as `sealPicture` makes it @param forMs  from now on */
export const sendPicture = (
  { api, path }: Place,
  ofCase: string,
  { staff, sealed, forMs }: { readonly staff: string; readonly sealed: string; readonly forMs: number },
): Promise<Verdict<SharedPicture>> => {
  const body = { staff, until: Date.now() + forMs, sealed };
  return api.call({ method: 'POST', path: `${path}/cases/${ofCase}/pictures`, body }, SharedPicture);
};
