/** The recordings on the page: the list, the player, the file to keep. */
import type { Verdict } from '../../../wire/faults.ts';
import { exportRecording } from '../owner/video/export.ts';
import { openPlayer, type Player } from '../owner/video/player.ts';
import { decodable, isWhole, openRecording, type Recording } from '../owner/video/recording.ts';
import type { RecordingRow, RecordingsApi } from '../owner/video/recordings.ts';
import type { Home } from '../owner/video/stream-key.ts';
import { at, make, say, show } from './page.ts';
import { sayBytes, sayDay, sayFault, sayPlace, sayTime } from './words.ts';

export interface RecordingsView {
  refresh(): Promise<void>;
  readonly rows: readonly RecordingRow[];
  readonly player: Player | undefined;
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** What this device found out about a recording, worst first. */
function factsOf(recording: Recording): { readonly text: string; readonly bad: boolean }[] {
  const { pictures, missing, refused, damaged, ended, late, signedTo } = recording;
  const lost = missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const unsigned = pictures.filter(({ seq }) => seq > signedTo).length;
  const facts = [...refused].map(([code, count]) => ({ text: `${sayFault(code)} (${code}, ${count}×)`, bad: true }));
  if (lost > 0) facts.push({ text: `${plural(lost, 'picture is', 'pictures are')} missing.`, bad: true });
  if (damaged) facts.push({ text: 'The file ends too early or is damaged.', bad: true });
  if (ended === undefined)
    facts.push({ text: 'The hub has not signed its end: it goes on, or the hub was cut off.', bad: false });
  if (ended === 'lost') facts.push({ text: 'The camera failed, or the hub was restarted: it ends there.', bad: false });
  if (unsigned > 0)
    facts.push({
      text: `The last ${plural(unsigned, 'picture is', 'pictures are')} genuine, but the hub signed no end after them.`,
      bad: false,
    });
  if (late > 0)
    facts.push({ text: `${plural(late, 'picture', 'pictures')} came late: the line was cut or slow.`, bad: false });
  facts.push({
    text: `${plural(pictures.length, 'picture', 'pictures')}, each opened and checked on this device.`,
    bad: false,
  });
  return facts;
}

export function openRecordingsView(api: RecordingsApi, home: Home): RecordingsView {
  let rows: readonly RecordingRow[] = [];
  let player: Player | undefined;
  let current: { readonly recording: Recording; readonly row: RecordingRow } | undefined;
  let turn = 0;
  const canvas = at<HTMLCanvasElement>('player-picture');
  const seek = at<HTMLInputElement>('player-seek');

  function moved(atMs: number, playing: boolean, capturedMs: number): void {
    seek.value = String(atMs);
    seek.setAttribute('aria-valuetext', sayPlace(atMs));
    say('player-place', `${sayPlace(atMs)} / ${sayPlace(player?.durationMs ?? 0)}`);
    say('player-clock', sayTime(capturedMs));
    say('player-play', playing ? 'Pause' : 'Play');
  }

  function describe(recording: Recording): void {
    const whole = isWhole(recording);
    const bad = recording.refused.size > 0;
    const verdict = whole ? 'Complete and genuine' : bad ? 'Not to be trusted' : 'Genuine, but incomplete';
    say('player-verdict', verdict);
    at('player-verdict').className = whole ? 'good' : bad ? 'bad' : '';
    at('player-facts').replaceChildren(
      ...factsOf(recording).map(({ text, bad }) => make('li', text, bad ? 'bad' : '')),
    );
  }

  /** The hub's key, else one that another device shared: asked for only when it is needed. */
  async function fetchRecording({ stream }: RecordingRow): Promise<Verdict<Recording>> {
    const file = await api.file(stream);
    if (!file.ok) return file;
    const opened = await openRecording(file.value, home);
    if (opened.ok || opened.code !== 'VIDEO_KEY_NOT_FOR_YOU') return opened;
    const shares = await api.shares(stream);
    return shares.ok ? openRecording(file.value, home, shares.value) : opened;
  }

  async function open(row: RecordingRow, button: HTMLElement): Promise<void> {
    turn += 1;
    const mine = turn;
    for (const one of at('recordings-list').querySelectorAll('button')) one.removeAttribute('aria-current');
    button.setAttribute('aria-current', 'true');
    say('recordings-note', 'Fetching and checking …');
    player?.close();
    player = undefined;
    current = undefined;
    show('player', false);
    const opened = await fetchRecording(row);
    if (mine !== turn) return;
    if (!opened.ok) {
      say('recordings-note', `${sayFault(opened.code)} ${opened.code}`);
      return;
    }
    say('recordings-note', '');
    say('player-note', '');
    current = { recording: opened.value, row };
    describe(opened.value);
    player = openPlayer(canvas, decodable(opened.value.pictures), (atMs, playing, { capturedMs }) =>
      moved(atMs, playing, capturedMs),
    );
    seek.max = String(player.durationMs);
    await player.seek(0);
    if (mine !== turn) return;
    show('player', true);
    at('player').scrollIntoView({ block: 'nearest' });
  }

  function rowOf(row: RecordingRow): HTMLElement {
    const button = make('button') as HTMLButtonElement;
    button.type = 'button';
    const text = make('span', sayDay(row.startedAt));
    const length = row.endedAt ? `${sayPlace(row.endedAt - row.startedAt)} · ` : '';
    text.append(make('small', `${row.visit ? 'Visit' : 'You looked'} · ${length}${sayBytes(row.bytes)}`));
    const tags = make('span');
    if (row.late > 0) tags.append(make('span', 'late', 'tag warn'));
    if (!row.complete) tags.append(make('span', 'incomplete', 'tag warn'));
    button.append(text, tags);
    button.dataset.stream = row.stream;
    button.addEventListener('click', () => void open(row, button));
    const item = make('li');
    item.append(button);
    return item;
  }

  async function save(): Promise<void> {
    if (current === undefined) return;
    const { recording, row } = current;
    say('player-note', 'Making the file on this device …');
    const made = await exportRecording(recording, { width: canvas.width, height: canvas.height });
    if (made === undefined) {
      say('player-note', 'There is no picture in it that could be saved.');
      return;
    }
    const url = URL.createObjectURL(new Blob(made.parts as Uint8Array<ArrayBuffer>[], { type: made.type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `doorward-${new Date(row.startedAt).toISOString().slice(0, 19).replaceAll(':', '-')}.${made.extension}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    say('player-note', `Saved as ${link.download}. The file is not sealed: whoever has it can watch it.`);
  }

  at('player-play').addEventListener('click', () => (player?.playing ? player.pause() : player?.play()));
  seek.addEventListener('input', () => void player?.seek(Number(seek.value)));
  at('player-export').addEventListener('click', () => void save());

  return {
    get rows() {
      return rows;
    },
    get player() {
      return player;
    },
    refresh: async () => {
      const listed = await api.all();
      if (!listed.ok) {
        say('recordings-note', `${sayFault(listed.code)} ${listed.code}`);
        return;
      }
      rows = listed.value;
      say(
        'recordings-note',
        rows.length === 0 ? 'There is none yet. Recordings are kept for 72 hours unless you say otherwise.' : '',
      );
      at('recordings-list').replaceChildren(...rows.map(rowOf));
    },
  };
}
