/** "Share earlier recordings with a new device": this device wraps their keys for it. */
import type { JoinedHome } from '../owner/device/join.ts';
import { lettersOf } from '../owner/device/letters.ts';
import type { Signer } from '../owner/video/orders.ts';
import type { RecordingRow, RecordingsApi } from '../owner/video/recordings.ts';
import { shareRecordings } from '../owner/video/share-recordings.ts';
import { at, make, say, show } from './page.ts';
import { sayFault } from './words.ts';

export function openShareView(
  api: RecordingsApi,
  home: JoinedHome,
  signer: Signer,
  rows: () => readonly RecordingRow[],
): void {
  const others = home.owners
    .map(({ kid }, index) => ({ kid, seal: home.devices[index]!.seal }))
    .filter(({ kid }) => kid !== signer.key.kid);
  show('share', others.length > 0);
  const select = at<HTMLSelectElement>('share-device');
  const options = others.map(({ kid }, index) => {
    const option = make('option', `Device ${lettersOf(kid)}`) as HTMLOptionElement;
    option.value = String(index);
    return option;
  });
  select.replaceChildren(...options);

  async function share(): Promise<void> {
    const to = others[Number(select.value)];
    if (to === undefined) return;
    const told = (shared: number): void => say('share-note', `Sharing … ${shared}`);
    const shared = await shareRecordings({ api, home, signer }, rows(), to.seal, told);
    if (shared.ok) say('share-note', `${shared.value} of ${rows().length} recordings are shared with that device.`);
    else say('share-note', `${sayFault(shared.code)} ${shared.code}`);
  }
  at('share-go').addEventListener('click', () => void share());
}
