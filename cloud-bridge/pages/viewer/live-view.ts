/** The live view on the page: canvas, state, visit, Stop, Look, and what was noticed. */
import type { Api } from '../owner/device/api.ts';
import type { JoinedHome } from '../owner/device/join.ts';
import type { NewestStream } from '../owner/device/store.ts';
import type { Shown } from '../owner/video/live.ts';
import { type Signer, stopVisit } from '../owner/video/orders.ts';
import { type Session, watchDoor } from '../owner/video/session.ts';
import { confirmByHolding } from './hold.ts';
import { at, make, say, show } from './page.ts';
import type { Visits } from './visits.ts';
import { sayFault, sayKind, sayState, sayTime } from './words.ts';

export interface LiveView {
  watch(door: string): void;
  visits(visits: Visits): void;
  readonly session: Session | undefined;
}

export interface LiveParts {
  readonly api: Api;
  readonly home: JoinedHome;
  readonly signer: Signer;
  readonly newest: (door: string) => NewestStream | undefined;
  readonly sawStream: (door: string, stream: NewestStream) => void;
}

interface Noticed {
  readonly row: HTMLElement;
  count: number;
}

/** @returns texts for a moment that the page's own clock measured */
const wallOf = (monoMs: number): number => Date.now() - (performance.now() - monoMs);

export function openLiveView({ api, home, signer, newest, sawStream }: LiveParts): LiveView {
  let session: Session | undefined;
  let door = '';
  let shown: Shown | undefined;
  let streamVisit: string | undefined;
  let running: Visits = [];
  let looking = false;
  /** The visit that Stop was pressed for. */
  let stopped: string | undefined;
  const stopNote = at('stop-note').textContent ?? '';
  const noticed = new Map<string, Noticed>();

  /** What Stop would stop: the visit of the picture, else the newest that runs at this door, else at any. */
  const visitNow = (): string | undefined => {
    const signed = running.find(({ visit }) => visit === streamVisit);
    const here = running.filter((one) => one.door === door);
    const live = shown?.at !== 'stopped' ? streamVisit : undefined;
    return signed?.visit ?? live ?? (here.at(-1) ?? running.at(-1))?.visit;
  };

  function drawVisit(): void {
    const visit = visitNow();
    const known = running.find((one) => one.visit === visit);
    say('visit-title', visit === undefined ? 'No visit' : 'Visit');
    const text = known === undefined ? 'Somebody is visiting.' : `${sayKind(known.kind)} · ${sayTime(known.atMs)}`;
    say('visit-text', visit === undefined ? 'Nobody is expected at the door right now.' : text);
    at<HTMLButtonElement>('stop').disabled = visit === undefined;
    show('look', visit === undefined || looking);
    // what was said about a visit stays until the next one begins: the hub ends it at once, and the owner wants to read that
    if (visit === stopped || (visit === undefined && stopped !== undefined)) return;
    stopped = undefined;
    say('stop-text', 'Stop the visit');
    say('stop-note', stopNote);
  }

  function drawSince(): void {
    if (shown === undefined || shown.at === 'live') return;
    const seconds = Math.max(0, Math.round((performance.now() - shown.sinceMs) / 1000));
    const long = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    say('veil-since', `since ${sayTime(wallOf(shown.sinceMs))} (${long})`);
  }

  function draw(next: Shown): void {
    const isNew = shown?.at !== next.at || shown.code !== next.code;
    shown = next;
    const words = sayState(next);
    at('stage').dataset.at = next.at;
    say('badge-text', words.badge);
    say('veil-title', words.title);
    say('veil-text', words.text);
    drawSince();
    at('picture').setAttribute('aria-label', `${words.title}. ${words.text}`);
    if (!isNew) return;
    say('said', `${words.title}. ${words.text}`);
    drawVisit();
  }

  function notice(code: string, mild: boolean, text: string): void {
    let one = noticed.get(code);
    if (one === undefined) {
      one = { row: make('li', '', mild ? 'mild' : ''), count: 0 };
      noticed.set(code, one);
      at('noticed-list').prepend(one.row);
    }
    one.count += 1;
    const times = one.count === 1 ? '' : ` · ${one.count} times`;
    one.row.replaceChildren(make('span', text), make('code', `${code} · ${sayTime(Date.now())}${times}`));
    one.row.dataset.code = code;
    show('noticed', true);
  }

  async function stop(): Promise<void> {
    const visit = visitNow();
    if (visit === undefined) return;
    stopped = visit;
    say('stop-text', 'Stopping …');
    const reply = await stopVisit(signer, api, home.pinned.home, visit);
    const time = sayTime(Date.now());
    say('stop-text', reply.ok && !reply.value.pending ? 'Stopped' : 'Stop the visit');
    if (!reply.ok) say('stop-note', `Not stopped: ${sayFault(reply.code)} Press again. ${reply.code}`);
    else if (reply.value.pending) say('stop-note', 'Not stopped yet: the hub has not got the order. Press again.');
    else say('stop-note', `The hub took the order at ${time}. Nothing opens any more.`);
  }

  confirmByHolding(at<HTMLButtonElement>('stop'), {
    onConfirmed: () => void stop(),
    onArmed: () => {
      stopped = visitNow();
      say('stop-note', 'Hold the button for a second, or press it again, to stop the visit.');
    },
  });
  at('look').addEventListener('click', () => {
    looking = !looking;
    at('look').setAttribute('aria-pressed', String(looking));
    say('look', looking ? 'Stop looking' : 'Look');
    session?.look(looking);
    drawVisit();
  });
  at('noticed-clear').addEventListener('click', () => {
    noticed.clear();
    at('noticed-list').replaceChildren();
    show('noticed', false);
  });
  setInterval(drawSince, 500);

  return {
    get session() {
      return session;
    },
    visits: (visits) => {
      running = visits;
      drawVisit();
    },
    watch: (next) => {
      session?.close();
      door = next;
      streamVisit = undefined;
      session = watchDoor(
        {
          api,
          home,
          homeId: home.pinned.home,
          door,
          signer,
          canvas: at<HTMLCanvasElement>('picture'),
          newest: () => newest(next),
          sawStream: (stream) => sawStream(next, stream),
        },
        {
          shown: draw,
          visit: (visit) => {
            streamVisit = visit;
            drawVisit();
          },
          incident: (code, why) => notice(code, why === 'refused', sayFault(code)),
          slow: () => notice('slow connection', true, 'Pictures were left out here. They are in the recording.'),
          drawn: ({ seq, capturedMs }) => {
            // for whoever measures: which picture stands on the canvas, and how many stood there
            Object.assign(at('picture').dataset, { seq, capturedMs, ...session?.counts });
            show('clock', true);
            say('clock', sayTime(capturedMs));
          },
        },
      );
      if (looking) session.look(true);
    },
  };
}
