/** A sealed photo on its way: it waits on the phone until the cloud has answered for it. */
import * as v from 'valibot';
import { PhotoKeys } from '../../../../wire/delivery-photo.ts';
import { Hash } from '../../../../wire/shapes.ts';
import { openTable } from '../../common/table.ts';
import type { Reply } from '../api.ts';

/** Asks under the path of the task, with the proof of its key. */
export type AskTask = <S extends v.GenericSchema>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  schema: S,
  body?: object,
) => Promise<Reply<v.InferOutput<S>>>;

export interface WaitingPhoto {
  readonly token: string;
  readonly attempt: number;
  readonly sealed: string;
  readonly ownerList: number;
}

const Sent = v.object({ photo: Hash });

/** @throws DOMException where the browser gives no storage */
const openWaiting = () => openTable('doorward-photo', 'photo', { keyPath: 'token' });

export const keepPhoto = async (photo: WaitingPhoto): Promise<void> => (await openWaiting()).put(photo);

/** @returns the photo of this attempt that was not sent yet */
export async function waitingPhoto(token: string, attempt: number): Promise<WaitingPhoto | undefined> {
  const kept = (await (await openWaiting()).get(token)) as WaitingPhoto | undefined;
  return kept?.attempt === attempt && kept.sealed !== '' ? kept : undefined;
}

/** Sent, or refused: nothing of it stays on the phone. */
export const forgetPhoto = (token: string): Promise<void> => keepPhoto({ token, attempt: 0, sealed: '', ownerList: 0 });

export const askKeys = (ask: AskTask): Promise<Reply<PhotoKeys>> => ask('GET', '/stop/photo', PhotoKeys);

/** Lets the camera at the door take it: that may take as long as a camera needs to start. */
export const askDoorCamera = (ask: AskTask): Promise<Reply<v.InferOutput<typeof Sent>>> =>
  ask('POST', '/stop/photo', Sent, {});

export const sendPhoto = (
  ask: AskTask,
  { sealed, ownerList }: WaitingPhoto,
): Promise<Reply<v.InferOutput<typeof Sent>>> => ask('PUT', '/stop/photo', Sent, { sealed, ownerList });
