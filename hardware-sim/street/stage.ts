/** Who stands on the street and how everything is there: what acts change, and what the page is told of it. */
import { randomUUID } from 'node:crypto';
import { kinds } from '../../wire/journal.ts';
import { type Following, follow } from '../control/follow.ts';
import type { HomeSeen } from '../control/follow-home.ts';
import type { JournalRecord } from '../people/owner-journal.ts';
import { fromEntry, isBad } from '../people/timeline.ts';
import { facts } from '../people/timeline-text.ts';
import type { Street } from '../start/street.ts';
import type { Errand } from './errand.ts';
import { type Film, OwnerPhone } from './owner-phone.ts';
import { type Switch, switchesOf } from './switches.ts';
import type { Actor, JournalLine, Said, StreetTold } from './told.ts';
import { type StreetTrick, streetTricks } from './tricks.ts';

/** Lines of the journal that the page shows. */
const shownLines = 80;
const shownAnswers = 8;
/** How long somebody's last words stand, ms. */
const saidForMs = 20_000;

export class Stage {
  readonly #run = randomUUID();
  readonly #setup: { who: string; what: string }[] = [];
  readonly #said = new Map<Actor, { readonly said: Said; readonly atMs: number }>();
  #answers: StreetTold['answers'] = [];
  #n = 0;
  #sim: Following<HomeSeen> | undefined;
  #forget: (() => void) | undefined;
  #lines: readonly JournalLine[] = [];
  street: Street | undefined;
  owner: OwnerPhone | undefined;
  errand: Errand | undefined;
  switches: readonly Switch[] = [];
  /** Ids of faults that stand. */
  readonly on = new Set<string>();
  inGarage = false;
  isPlaying = false;
  /** Acts that are under way. */
  readonly doing = new Set<string>();

  /** While the street comes up. */
  comesUp(who: string, what: string): void {
    this.#setup.push({ who, what });
  }

  async open(street: Street): Promise<void> {
    this.#sim = await follow<HomeSeen>(street.paths.simSocket, '/follow');
    this.switches = switchesOf({ nuki: street.settings.front === 'nuki', camera: street.settings.camera });
    this.owner = new OwnerPhone(street);
    this.#lines = street.owner.journal.records.slice(-shownLines).map(toLine);
    this.#forget = street.owner.told.on((news) => {
      if (news.news === 'entry') this.#lines = [...this.#lines.slice(1 - shownLines), toLine(news.record)];
    });
    this.street = street;
  }

  close(): void {
    this.#forget?.();
    this.#sim?.close();
    this.owner?.close();
    this.errand?.end();
  }

  tell(who: Actor, said: Omit<Said, 'n'>): void {
    this.#said.set(who, { said: { ...said, n: this.#next() }, atMs: performance.now() });
  }

  answer(trick: string, said: Omit<Said, 'n'>): void {
    this.#answers = [{ ...said, trick, n: this.#next() }, ...this.#answers].slice(0, shownAnswers);
  }

  get film(): Film | undefined {
    return this.owner?.film;
  }

  /** @param can  what may be done now */
  told(can: readonly string[]): StreetTold {
    const { street, owner, film } = this;
    const home = this.#sim?.look()?.told;
    const said = [...this.#said].filter(([, { atMs }]) => performance.now() - atMs < saidForMs);
    return {
      run: this.#run,
      at: street === undefined ? 'coming-up' : 'up',
      setup: this.#setup,
      parts: street === undefined ? {} : Object.fromEntries(partNames.map((name) => [name, street.isUp(name)])),
      ...(home === undefined ? {} : { home }),
      hasGarage: street?.settings.front === 'nuki',
      hasCamera: street?.settings.camera ?? false,
      inGarage: this.inGarage,
      isPlaying: this.isPlaying,
      courier: this.errand?.told() ?? { at: 'none', door: 'front' },
      owner: owner?.told() ?? { isOnline: false, doors: [], waiting: [], alarms: [] },
      tricks: Object.entries(streetTricks).map(([id, trick]: [string, StreetTrick]) => ({
        id,
        says: trick.says,
        needs: trick.needs,
        isPossible: street !== undefined && trick.isPossible(street, this.errand),
      })),
      switches: this.switches.map((one) => ({
        id: one.id,
        group: one.group,
        says: one.says,
        isOn: 'part' in one ? !street?.isUp(one.part) : this.on.has(one.id),
      })),
      film: { n: film?.n ?? 0, isLive: owner?.isLive ?? false },
      journal: {
        lines: this.#lines,
        signedTo: street?.owner.journal.save().seen?.seq ?? 0,
        breaks: street?.owner.journal.breaks.map(({ code }) => code) ?? [],
      },
      can,
      doing: [...this.doing],
      said: Object.fromEntries(said.map(([who, one]) => [who, one.said])),
      answers: this.#answers,
    };
  }

  #next(): number {
    this.#n += 1;
    return this.#n;
  }
}

const partNames = ['broker', 'cloud', 'pages', 'hub', 'sim'] as const;

/** Longest fact that tells a reader something: what is longer is an id. */
const longestFact = 19;

function toLine(record: JournalRecord): JournalLine {
  const event = fromEntry(record.entry, record);
  const shown = Object.entries(event.detail ?? {}).filter(([, value]) => String(value).length <= longestFact);
  return {
    seq: record.entry.seq,
    ...(record.seal === 'shut' ? {} : { atMs: event.atMs }),
    who: event.who,
    what: record.seal === 'shut' ? kinds.household.says : event.what,
    facts: facts(Object.fromEntries(shown)),
    isBad: isBad(event),
    isSealed: record.seal !== 'plain',
  };
}
