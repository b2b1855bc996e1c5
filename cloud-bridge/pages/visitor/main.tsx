/** The visitor's page: opened from a task link, no account, no app. Nothing happens by opening it. */
import { render } from 'preact';
import { firstLanguage } from '../common/kept-language.ts';
import { visitorApi } from './api.ts';
import { type Course, followLink } from './course.ts';
import type { Known } from './known.ts';
import { readLink } from './link.ts';
import { Page } from './page.tsx';
import { openTaskStore } from './store.ts';
import { languages } from './words.ts';

const root = document.getElementById('root')!;

async function main(): Promise<void> {
  const first = firstLanguage();
  document.documentElement.lang = first;
  const { says } = languages[first];
  const broken = (text: string): void => render(<p class="broken">{text}</p>, root);
  try {
    const link = await readLink(location.hash);
    if (link === undefined) return broken(says.brokenLink);
    const store = await openTaskStore();
    let course: Course | undefined;
    const show = (known: Known): void => {
      // The first word of the course comes before it has a name.
      if (course !== undefined) render(<Page known={known} course={course} first={first} />, root);
    };
    const { token, isGuest } = link;
    course = followLink({ api: visitorApi(link), store, token, isGuest, onKnown: show });
    show({ at: 'loading', isGuest });
    addEventListener('online', course.wake);
    document.addEventListener('visibilitychange', course.wake);
    addEventListener('hashchange', () => location.reload());
  } catch {
    broken(says.brokenBrowser);
  }
}

void main();
