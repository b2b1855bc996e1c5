/** One page of transcripts: what is told between, and what stood on the screen. */
import { writeFileSync } from 'node:fs';
import type { Stable } from './stable.ts';
import type { Screen } from './tmux.ts';

export interface Page {
  say(text: string): void;
  /** The screen from its top, or what is new on it since the part before. @param edit  what is left out of it */
  part(screen: Screen, edit?: (text: string) => string): Promise<void>;
  /** Runs a command that asks nothing, and shows it. */
  run(screen: Screen, line: string, edit?: (text: string) => string): Promise<void>;
  save(path: string): void;
}

const same = (text: string): string => text;

/** What was shown before is left out, as long as it stands there still. */
function since(before: string, now: string): string {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  let at = 0;
  while (at < old.length && old[at] === fresh[at]) at += 1;
  return fresh.slice(at).join('\n');
}

export function page(shown: Stable): Page {
  const parts: string[] = [];
  const before = new Map<Screen, { readonly round: number; readonly text: string }>();
  const part = async (screen: Screen, edit = same): Promise<void> => {
    const now = await screen.shows();
    const last = before.get(screen);
    const fresh = since(last?.round === screen.round ? last.text : '', now);
    before.set(screen, { round: screen.round, text: now });
    parts.push(`\`\`\`\n${edit(shown.of(fresh)).trimEnd()}\n\`\`\``);
  };
  return {
    part,
    say: (text) => void parts.push(text),
    run: async (screen, line, edit = same) => {
      await screen.begin(line);
      await screen.ends();
      await part(screen, edit);
    },
    save: (path) => writeFileSync(path, `${parts.join('\n\n')}\n`),
  };
}
