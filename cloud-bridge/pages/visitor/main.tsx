/** The visitor's page: opened from a task link, no account, no app. Nothing happens by opening it. */
import { render } from 'preact';
import { readTaskFragment } from '../../../wire/task.ts';
import { firstLanguage } from '../common/kept-language.ts';
import { taskApi } from './api.ts';
import { type Course, followTask } from './course.ts';
import type { Known } from './known.ts';
import { Page } from './page.tsx';
import { openTaskStore } from './store.ts';
import { languages } from './words.ts';

const root = document.getElementById('root')!;

async function main(): Promise<void> {
  const first = firstLanguage();
  document.documentElement.lang = first;
  const { says } = languages[first];
  const link = readTaskFragment(location.hash);
  const broken = (text: string): void => render(<p class="broken">{text}</p>, root);
  if (link === undefined) return broken(says.brokenLink);
  try {
    const store = await openTaskStore();
    let course: Course | undefined;
    const show = (known: Known): void => {
      // The first word of the course comes before it has a name.
      if (course !== undefined) render(<Page known={known} course={course} first={first} />, root);
    };
    course = followTask({ api: taskApi(link), store, token: link.token, onKnown: show });
    show({ at: 'loading' });
    addEventListener('online', course.wake);
    document.addEventListener('visibilitychange', course.wake);
    addEventListener('hashchange', () => location.reload());
  } catch {
    broken(says.brokenBrowser);
  }
}

void main();
