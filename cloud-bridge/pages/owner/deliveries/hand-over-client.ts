/** Codes of one delivery and those who hold them, as the cloud has them. */
import * as v from 'valibot';
import type { Verdict } from '../../../../wire/faults.ts';
import { CodesView, type HolderWish } from '../../../../wire/holder.ts';
import type { Place } from '../home/course.ts';

type At = Pick<Place, 'api' | 'path'>;
const pathOf = ({ path }: At, delivery: string): string => `${path}/deliveries/${delivery}/codes`;

export const readCodes = (at: At, delivery: string): Promise<Verdict<CodesView>> =>
  at.api.call({ method: 'GET', path: pathOf(at, delivery) }, CodesView);

const Sent = v.object({ to: v.string() });
/** The same code once more, to this device's address. */
export const mailCode = (at: At, delivery: string): Promise<Verdict<{ to: string }>> =>
  at.api.call({ method: 'POST', path: `${pathOf(at, delivery)}/mails`, body: {} }, Sent);

/** For this delivery alone. */
export const nameHolder = (at: At, delivery: string, wish: HolderWish): Promise<Verdict<unknown>> =>
  at.api.call({ method: 'POST', path: `${at.path}/holders`, body: { delivery, holders: [wish] } }, v.unknown());

export const takeBack = (at: At, holder: string): Promise<Verdict<unknown>> =>
  at.api.call({ method: 'DELETE', path: `${at.path}/holders/${holder}` }, v.unknown());
