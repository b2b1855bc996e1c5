/** "Share earlier recordings with a new device": this device wraps their keys for it. */
import type { JoinedHome } from './join.ts';
import { lettersOf } from './letters.ts';
import { type Signer, shareKey } from './orders.ts';
import { at, make, say, show } from './page.ts';
import { readRec } from './rec.ts';
import type { RecordingRow, RecordingsApi } from './recordings.ts';
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
    let shared = 0;
    for (const { stream } of rows()) {
      say('share-note', `Sharing … ${shared}`);
      const file = await api.file(stream);
      const rec = file.ok ? readRec(file.value) : file;
      if (!rec.ok) continue;
      const had = await api.shares(stream);
      const made = await shareKey(signer, home, rec.value.key, had.ok ? had.value : [], to.seal);
      if (!made.ok) continue;
      const put = await api.share(stream, made.value);
      if (!put.ok) {
        say('share-note', `${sayFault(put.code)} ${put.code}`);
        return;
      }
      shared += 1;
    }
    say('share-note', `${shared} of ${rows().length} recordings are shared with that device.`);
  }
  at('share-go').addEventListener('click', () => void share());
}
