/** The visitor's page: opened from a task link, no account, no app. It goes on from the first screen, which stands already. */
import { render } from 'preact';
import { visitorApi } from './api.ts';
import { type Course, followLink } from './course.ts';
import type { First } from './first.ts';
import type { Known } from './known.ts';
import { readLink } from './link.ts';
import { Page } from './page.tsx';
import { openTaskStore } from './store.ts';

const root = document.getElementById('root')!;

export async function goOn({ language, preview, begun, isBroken }: First): Promise<void> {
  const loaded = await language;
  const { says } = loaded;
  const broken = (text: string): void => render(<p class="broken">{text}</p>, root);
  if (isBroken) return broken(says.brokenBrowser);
  try {
    const link = await readLink(location.hash);
    if (link === undefined) return broken(says.brokenLink);
    const store = await openTaskStore();
    let course: Course | undefined;
    const show = (known: Known): void => {
      // The first word of the course comes before it has a name.
      if (course !== undefined) render(<Page known={known} course={course} language={loaded} begun={begun?.hold} />, root);
    };
    const { token, isGuest } = link;
    const isNew = begun !== undefined;
    course = followLink({ api: visitorApi(link, preview), store, token, isGuest, isNew, onKnown: show });
    show({ at: isNew ? 'new' : 'loading', isGuest });
    // Held before anything was here that could do it.
    if (begun?.letGo()) void course.press('take');
    addEventListener('online', course.wake);
    document.addEventListener('visibilitychange', course.wake);
  } catch {
    broken(says.brokenBrowser);
  }
}
