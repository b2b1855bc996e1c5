/** The owner's app: one page for all that an owner sees and signs. */
import { render } from 'preact';
import { firstLanguage, keepLanguage } from '../common/kept-language.ts';
import { type DeviceStore, deviceKeys, openDeviceStore } from './device/store.ts';
import { Frame } from './frame.tsx';
import { startCourse } from './home/course.ts';
import { nothingKnown } from './home/known.ts';
import { go } from './route.ts';
import { Unable } from './welcome/unable.tsx';
import { installWorker } from './install.ts';

const root = document.getElementById('root')!;

/** Takes the secret out of the address bar, and with it out of the history, before anything else happens. */
function takeFragment(): string {
  const { hash, pathname, search } = location;
  if (hash === '' || hash.startsWith('#/')) return '';
  history.replaceState(null, '', pathname + search);
  return hash;
}

/** Whoever opened the link beside a recovery code, or waits for a recovery, begins there. */
async function leadLost(store: DeviceStore, fragment: string): Promise<void> {
  if (fragment.startsWith('#recover=')) return go('lost', fragment.slice('#recover='.length));
  if (fragment !== '') return;
  const [recovery, pinned] = [await store.get('recovery'), await store.get('pinned')];
  if (recovery?.recovery !== undefined && pinned?.ownerList === 0) go('lost');
}

async function main(): Promise<void> {
  const first = firstLanguage();
  keepLanguage(first);
  const fragment = takeFragment();
  try {
    const store = await openDeviceStore();
    const keys = await deviceKeys(store);
    await leadLost(store, fragment);
    let course: ReturnType<typeof startCourse> | undefined;
    course = startCourse({
      ...{ store, keys, fragment },
      onKnown: (known) => {
        // The first word of the course comes before it has a name.
        if (course !== undefined) render(<Frame known={known} course={course} first={first} />, root);
      },
    });
    render(<Frame known={nothingKnown} course={course} first={first} />, root);
    addEventListener('online', course.wake);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) course?.wake();
    });
    // A link that is opened while the app is.
    addEventListener('hashchange', () => {
      if (/^#(invite|recover|handover)=/.test(location.hash)) location.reload();
    });
    installWorker();
  } catch {
    render(<Unable code={first} />, root);
  }
}

void main();
