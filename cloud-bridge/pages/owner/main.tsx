/** The owner's app: one page for all that an owner sees and signs. */
import { render } from 'preact';
import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
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

/** Who opened a link begins where it leads: the one beside a recovery code, or in the mail of one delivery. Whoever waits for a recovery begins there. */
async function leadIn(store: DeviceStore, fragment: string): Promise<void> {
  if (fragment.startsWith('#recover=')) return go('lost', fragment.slice('#recover='.length));
  const delivery = fragment.startsWith('#delivery=') ? fragment.slice('#delivery='.length) : undefined;
  if (delivery !== undefined) return v.is(Id, delivery) ? go('delivery', delivery) : go('deliveries');
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
    await leadIn(store, fragment);
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
      if (/^#(invite|recover|handover|delivery)=/.test(location.hash)) location.reload();
    });
    installWorker();
  } catch {
    render(<Unable code={first} />, root);
  }
}

void main();
