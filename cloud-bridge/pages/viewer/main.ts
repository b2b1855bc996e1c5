/** The owner's page: joins a home by a link, then shows its door live and its recordings. */
import { readInvitation } from '../../../wire/invitation.ts';
import { type Api, connectApi } from '../owner/device/api.ts';
import { askToJoin, type JoinedHome, readHome, toPinned } from '../owner/device/join.ts';
import type { DeviceKeys } from '../owner/device/keys.ts';
import { lettersOf } from '../owner/device/letters.ts';
import type { Pinned } from '../owner/device/pinned.ts';
import { type DeviceStore, deviceKeys, openDeviceStore } from '../owner/device/store.ts';
import type { Signer } from '../owner/video/orders.ts';
import { recordingsOf } from '../owner/video/recordings.ts';
import { followJournal } from './journal.ts';
import { openLiveView } from './live-view.ts';
import { at, make, say, show } from './page.ts';
import { openRecordingsView } from './recordings-view.ts';
import { openShareView } from './share-view.ts';
import { sayFault } from './words.ts';

const joinEveryMs = 2_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function welcome(title: string, text: string, code?: string): void {
  show('welcome', true);
  say('welcome-title', title);
  say('welcome-text', text);
  show('welcome-code', code !== undefined);
  say('welcome-code', code ?? '');
}

/** Takes the secret out of the address bar, and with it out of the history, before anything else happens. */
function takeFragment(): string {
  const { hash, pathname, search } = location;
  if (hash !== '') history.replaceState(null, '', pathname + search);
  return hash;
}

/** Waits until the hub has signed this device in. */
async function waitForHome(api: Api, store: DeviceStore, pinned: Pinned, keys: DeviceKeys): Promise<JoinedHome> {
  for (;;) {
    const home = await readHome(api, pinned, keys);
    if (home.ok) {
      await store.put('pinned', home.value.pinned);
      return home.value;
    }
    const asked = pinned.ownerList === 0 && (home.code === 'NOT_FOUND' || home.code === 'CLOUD_SILENT');
    if (asked) {
      welcome(
        'Almost there',
        'Confirm this device on one that belongs to the home already. Both show these letters:',
        lettersOf(keys.sign.kid),
      );
    } else {
      welcome('This home cannot be shown', sayFault(home.code));
    }
    say('welcome-note', home.code === 'NOT_FOUND' ? 'Waiting …' : home.code);
    await pause(joinEveryMs);
  }
}

async function pinnedHome(store: DeviceStore, keys: DeviceKeys): Promise<Pinned | undefined> {
  const fragment = takeFragment();
  const kept = await store.get('pinned');
  if (!fragment.startsWith('#invite=')) return kept;
  const invitation = readInvitation(fragment);
  if (!invitation.ok) {
    welcome('This link is no invitation', 'Ask for a new one: it was cut off, or changed on its way.');
    return undefined;
  }
  if (kept !== undefined && kept.ownerList > 0 && kept.hub === invitation.value.hub) return kept;
  const pinned = toPinned(invitation.value);
  const asked = await askToJoin(connectApi(pinned.api, keys.sign), invitation.value, keys);
  if (asked.ok) {
    await store.put('pinned', pinned);
    return pinned;
  }
  welcome('The home did not take the question', `${sayFault(asked.code)} ${asked.code}`);
  return undefined;
}

function openTabs(onRecordings: () => void): void {
  const names = ['live', 'recordings'] as const;
  show('tabs', true);
  for (const name of names) {
    at(`tab-${name}`).addEventListener('click', () => {
      for (const one of names) {
        show(one, one === name);
        at(`tab-${one}`).setAttribute('aria-pressed', String(one === name));
      }
      if (name === 'recordings') onRecordings();
    });
  }
}

async function openHome(api: Api, store: DeviceStore, home: JoinedHome, keys: DeviceKeys): Promise<void> {
  const signer: Signer = { hub: home.hub, key: keys.sign, nowS: () => Math.floor(Date.now() / 1000) };
  let streams = (await store.get('streams')) ?? {};
  const live = openLiveView({
    api,
    home,
    signer,
    newest: (door) => streams[door],
    sawStream: (door, stream) => {
      streams = { ...streams, [door]: stream };
      void store.put('streams', streams);
    },
  });
  const doors = home.doors.filter(({ camera }) => camera);
  const files = recordingsOf(api, home.pinned.home, keys.seal.kid);
  const recordings = openRecordingsView(files, home);
  openShareView(files, home, signer, () => recordings.rows);
  openTabs(() => void recordings.refresh());
  at('refresh').addEventListener('click', () => void recordings.refresh());

  const select = at<HTMLSelectElement>('doors');
  const options = doors.map(({ id }, index) => {
    const option = make('option', `Door ${index + 1} (…${id.slice(-4)})`) as HTMLOptionElement;
    option.value = id;
    return option;
  });
  select.replaceChildren(...options);
  select.addEventListener('change', () => live.watch(select.value));
  show('doors-row', doors.length > 1);
  show('welcome', false);
  if (doors[0] === undefined) {
    welcome('No camera yet', 'None of the doors of this home has a camera. Recordings are still here.');
  } else {
    show('live', true);
    live.watch(doors[0].id);
  }
  void followJournal(api, home.pinned.home, live.visits);
}

async function main(): Promise<void> {
  say('build', `Doorward ${document.querySelector('meta[name="build"]')?.getAttribute('content') ?? ''}`);
  const store = await openDeviceStore();
  const keys = await deviceKeys(store);
  const pinned = await pinnedHome(store, keys);
  if (pinned === undefined) {
    if (at('welcome').hidden) {
      welcome(
        'This device belongs to no home yet',
        'Open the invitation link that a device of the home shows you, on this device.',
      );
    }
    return;
  }
  const api = connectApi(pinned.api, keys.sign);
  await openHome(api, store, await waitForHome(api, store, pinned, keys), keys);
}

main().catch((error: unknown) => {
  welcome(
    'This browser cannot show the page',
    'It needs storage, WebCrypto and WebCodecs, over HTTPS. Private windows may lack one of them.',
  );
  say('welcome-note', error instanceof Error ? error.name : '');
});
