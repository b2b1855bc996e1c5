/** What the service does by the clock: it closes stops whose day is over, and drops what is kept no longer. */
import { keepTriesMs } from './code/limits.ts';
import { answerForMs } from './http/once.ts';
import type { Parts } from './parts.ts';
import { deleteDuePhotos } from './photo/delete.ts';
import { closeOverdue } from './stop/end.ts';
import { forgetActs } from './stop/forget.ts';

/** How long a stop may stay open after its day, ms: an act that comes meanwhile closes it itself. */
const tidyMs = 60_000;
const dropMs = 600_000;

/** Closes stops, tells their hubs what ended with them, and deletes photos and acts whose time is over. */
export async function tidy(parts: Parts): Promise<void> {
  for (const hub of await closeOverdue(parts)) void parts.mailbox.bring(hub);
  await deleteDuePhotos(parts);
  await forgetActs(parts);
}

/** What nobody asks for any more: nothing depends on when it goes. */
async function drop({ store, now }: Parts): Promise<void> {
  const at = now();
  await store.write(async ({ answers, proofs, challenges, casePictures, clients, codes }) => {
    await casePictures.dropBefore(at);
    await answers.dropBefore(at - answerForMs);
    await proofs.dropBefore(Math.floor(at / 1000));
    await challenges.dropBefore(at);
    await clients.dropTokensBefore(at);
    await codes.dropTriesBefore(at - keepTriesMs);
  });
}

/** @returns ends it */
export function tidyByTheClock(parts: Parts): () => void {
  const every = (ms: number, what: string, work: (parts: Parts) => Promise<void>): NodeJS.Timeout =>
    setInterval(() => void work(parts).catch(() => parts.log.unexpected({ what })), ms).unref();
  const timers = [every(tidyMs, 'tidy', tidy), every(dropMs, 'drop', drop)];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
