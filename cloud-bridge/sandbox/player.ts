/** Plays what is due in the sandbox. Each step is one transaction: any instance may play it, and only one does. */
import type { BaseParts } from '../base-parts.ts';
import { type Looking, lookAgain } from '../looking.ts';
import { type PlayParts, playStep } from './play.ts';

export type PlayerParts = PlayParts & Pick<BaseParts, 'store' | 'log'>;

const lookMs = 200;
const atOnce = 100;

export const sandboxPlayerOn = (parts: PlayerParts): Looking =>
  lookAgain({
    everyMs: lookMs,
    look: async () => {
      const due = await parts.store.read.plays.due(parts.now(), atOnce);
      for (const play of due) await parts.store.write((tables) => playStep(parts, tables, play));
      return due.length > 0;
    },
    onError: (why) => parts.log.unexpected({ what: 'sandbox', why }),
  });
