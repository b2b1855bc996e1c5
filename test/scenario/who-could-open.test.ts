/** The page's answer to "who could open my door?", held against the hub's own decision over the seven days, in both directions. */
import fc from 'fast-check';
import t from 'tap';
import { whoCouldOpen } from '../../cloud-bridge/pages/owner/who/could-open.ts';
import type { Approved, Ending, Known } from '../../cloud-bridge/pages/owner/who/known.ts';
import type { Opening } from '../../cloud-bridge/pages/owner/who/opening.ts';
import { covers } from '../../cloud-bridge/pages/owner/who/spans.ts';
import { type Check, grantChecks, ruleChecks } from '../../device/grant/allow.ts';
import { approvalForm } from '../../wire/approval.ts';
import { assignmentForm } from '../../wire/assignment.ts';
import type { FaultCode } from '../../wire/faults.ts';
import { type GrantClaims, grantForm } from '../../wire/grant.ts';
import { newId, peek, signDocument } from '../../wire/jws.ts';
import { type Recurrence, weekdays } from '../../wire/recurrence.ts';
import type { Rule, RuleBookClaims } from '../../wire/rule-book.ts';
import { Counts } from '../support/decision.ts';
import { approvalOf, assignmentOf, newCast, newDoorId, newSignKey } from '../support/keys.ts';
import { hubOracle, lineOf, type Somebody } from '../support/who-oracle.ts';

const hourS = 3_600;
const dayS = 24 * hourS;
const weekS = 7 * dayS;
const utcS = (...at: [number, number, number, number?, number?]): number => Date.UTC(...at) / 1000;

/** Both changes of 2026; Lord Howe moves by half an hour, Santiago at midnight. */
const zones: Readonly<Record<string, readonly [number, number]>> = {
  'Europe/Berlin': [utcS(2026, 2, 29), utcS(2026, 9, 25)],
  'Europe/London': [utcS(2026, 2, 29), utcS(2026, 9, 25)],
  'America/New_York': [utcS(2026, 2, 8), utcS(2026, 10, 1)],
  'America/Santiago': [utcS(2026, 3, 5), utcS(2026, 8, 6)],
  'Australia/Lord_Howe': [utcS(2026, 3, 4), utcS(2026, 9, 3)],
  'Pacific/Auckland': [utcS(2026, 3, 4), utcS(2026, 8, 26)],
};

const plainCast = await newCast();
const doors = [plainCast.doorId, newDoorId()];
const elsewhere = newDoorId();
const newSomebody = async (kind: 'carrier' | 'company' | 'guest', id: string): Promise<Somebody> => {
  const [signs, phone] = [await newSignKey('ES256'), await newSignKey('ES256')];
  const party = kind === 'guest' ? { kind, id, jkt: phone.kid } : { kind, id, jwk: signs.jwk };
  return { party, signs, phone };
};
const dhl = await newSomebody('carrier', 'dhl');
const plumber = await newSomebody('company', 'plumber');
const cleaner = await newSomebody('guest', 'cleaner');
const sitter = await newSomebody('guest', 'sitter');
const stranger = await newSomebody('carrier', 'stranger');
const household = [dhl, plumber, cleaner, sitter];
const everybody = [...household, stranger];

/** A grant that the owner has said yes to, as its documents say it. */
interface Yes {
  readonly of: Somebody;
  readonly grant: Omit<GrantClaims, 'iss' | 'aud' | 'jti' | 'sub' | 'cnf' | 'purpose' | 'iat' | 'delivery'>;
  readonly approvedUntil: number;
  readonly uses: number;
  readonly isEnded: boolean;
}

/** One home, in plain values. */
interface Home {
  readonly nowS: number;
  readonly book: RuleBookClaims;
  readonly next?: RuleBookClaims | undefined;
  readonly epoch: number;
  readonly visits: Readonly<Record<string, number>>;
  readonly endings: readonly Ending[];
  readonly yeses: readonly Yes[];
}

const purposes = { carrier: 'delivery', company: 'service', guest: 'guest' } as const;

async function documentsOf({ of, grant, approvedUntil }: Yes, cast: typeof plainCast) {
  const { kind, id } = of.party;
  const delivery = newId();
  const cnf = { jkt: of.phone.kid };
  const text = await signDocument(
    grantForm,
    {
      ...{ iss: 'doorward', aud: cast.hubId, jti: newId(), sub: 'somebody', purpose: purposes[kind], cnf, ...grant },
      ...{ iat: grant.nbf, ...(kind === 'guest' ? {} : { delivery }) },
    },
    cast.issuer,
  );
  const approval = await approvalOf(cast, text, { door: grant.door, iat: grant.nbf - 60, exp: approvedUntil });
  const times = { iat: grant.nbf, nbf: grant.nbf, exp: grant.exp };
  const assignment =
    kind === 'guest'
      ? undefined
      : await assignmentOf(cast, { iss: id, delivery, door: grant.door, cnf, ...times }, of.signs);
  return { grant: text, approval, ...(assignment === undefined ? {} : { assignment }) };
}

const claimsOf = <T>(read: { ok: true; value: { claims: T } } | { ok: false }): T => {
  if (!read.ok) throw new TypeError('a document of the test is none');
  return read.value.claims;
};

interface Played {
  readonly known: Known;
  /** Who opens at a moment, by the hub as it is, or as it is once it has what is on its way. */
  readonly hubSays: (atS: number, all: boolean) => Promise<ReadonlySet<string>>;
}

/** Sets the home up twice: as the page knows it, and as hubs that decide. */
async function play(home: Home): Promise<Played> {
  const cast = { ...plainCast, nowS: home.nowS };
  const counts = new Counts();
  for (const [rule, visits] of Object.entries(home.visits)) counts.visits.set(rule, visits);
  for (const { ends, confirmed } of home.endings) {
    if (confirmed && ends.kind !== 'epoch') counts.ended.add(`${ends.kind} ${ends.id}`);
  }
  const endings = [...home.endings];
  const approved: Approved[] = [];
  const bundles = [];
  for (const yes of home.yeses) {
    const bundle = await documentsOf(yes, cast);
    const grant = claimsOf(peek(grantForm, bundle.grant));
    const approval = claimsOf(peek(approvalForm, bundle.approval));
    const assignment = bundle.assignment === undefined ? undefined : claimsOf(peek(assignmentForm, bundle.assignment));
    approved.push({ grant, approval, assignment });
    bundles.push({ bundle, who: yes.of, door: yes.grant.door });
    counts.uses.set(grant.jti, yes.uses);
    if (yes.isEnded) {
      counts.ended.add(`grant ${grant.jti}`);
      endings.push({ ends: { kind: 'grant', id: grant.jti }, confirmed: true });
    }
  }
  const scene = { cast, doors, epoch: home.epoch, counts, approved: bundles };
  const books = home.next === undefined ? [home.book] : [home.book, home.next];
  const hubs = await Promise.all(books.map((book) => hubOracle({ ...scene, book }, everybody)));
  return {
    known: {
      nowS: home.nowS,
      doors: doors.map((id) => ({ id, keepsUsers: false })),
      book: home.book,
      next: home.next,
      endings,
      epoch: home.epoch,
      approved,
      visitsOf: (rule) => counts.visitsOf(rule),
      usesOf: (id) => counts.usesOf(id),
      devices: [],
      locks: [],
      recovery: undefined,
    },
    hubSays: async (atS, all) => {
      const said = await Promise.all(hubs.map((hub) => (all ? hub.askAll(atS, everybody) : hub.ask(atS))));
      return new Set(said.flatMap((lines) => [...lines]));
    },
  };
}

/** Whom the page names for a moment, of those that the hub decides about. */
function pageSays(openings: readonly Opening[], atS: number): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const { who, by, door, windows } of openings) {
    if ('id' in who && door !== undefined && covers(windows, atS)) lines.add(lineOf(who.kind, who.id, door, by));
  }
  return lines;
}

/** The moments of the week at which anything could change, the second before each, and one every seventeen hours. */
function moments({ known }: Played, openings: readonly Opening[], home: Home): readonly number[] {
  const { nowS } = home;
  const edges = [
    ...openings.flatMap(({ windows }) => windows.flatMap(({ from, until }) => [from, until])),
    ...[home.book, home.next].flatMap((book) => (book === undefined ? [] : [book.exp, book.iat - 60])),
    ...home.book.rules.flatMap(({ from, until }) => [from, until]),
    ...known.approved.flatMap(({ grant, approval }) => [grant.nbf, grant.exp, approval.exp]),
  ];
  const grid = Array.from({ length: 10 }, (_, index) => nowS + index * 17 * hourS + 1_234);
  const all = [...edges.flatMap((edge) => [edge - 1, edge]), ...grid];
  return [...new Set(all)].filter((at) => at >= nowS && at < nowS + weekS).sort((a, b) => a - b);
}

/** @returns the first moment at which the two do not say the same, and what each says; undefined when there is none */
async function difference(home: Home, tell: (known: Known) => Known = (known) => known): Promise<string | undefined> {
  const played = await play(home);
  const openings = whoCouldOpen(tell(played.known));
  for (const [index, at] of moments(played, whoCouldOpen(played.known), home).entries()) {
    const page = [...pageSays(openings, at)].sort().join('\n');
    const hub = [...(await played.hubSays(at, index % 16 === 0))].sort().join('\n');
    if (page !== hub) return `${new Date(at * 1000).toISOString()}\nthe page names:\n${page}\nthe hub lets in:\n${hub}`;
  }
  return undefined;
}

const two = (n: number): string => String(n).padStart(2, '0');

function homes(zone: string, changeS: number): fc.Arbitrary<Home> {
  const nowS = changeS - 3 * dayS;
  const about = (min: number, max: number) => fc.integer({ min, max }).map((s) => nowS + s);
  const hour = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 23 }));
  const start = fc
    .tuple(fc.integer({ min: -9, max: 4 }), hour, fc.constantFrom(0, 15, 30))
    .map(([day, h, m]) => `${new Date((changeS + day * dayS) * 1000).toISOString().slice(0, 10)}T${two(h)}:${two(m)}`);
  const recurs = fc
    .record({
      zone: fc.constant(zone),
      start,
      seconds: fc.constantFrom(60, 3 * hourS, 12 * hourS, dayS),
      freq: fc.constantFrom('daily', 'weekly'),
      every: fc.constantFrom(1, 1, 2),
      days: fc.option(fc.subarray([...weekdays], { minLength: 1 }), { nil: undefined }),
      count: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      last: fc.option(about(-dayS, weekS), { nil: undefined }),
      except: fc.option(fc.array(start, { maxLength: 3 }), { nil: undefined }),
    })
    .map(({ days, count, last, except, ...rest }) => ({
      ...rest,
      ...(days !== undefined && rest.freq === 'weekly' ? { days } : {}),
      ...(count === undefined ? (last === undefined ? {} : { last }) : { count }),
      ...(except === undefined ? {} : { except }),
    })) as fc.Arbitrary<Recurrence>;
  const rule = (id: string): fc.Arbitrary<Rule> =>
    fc
      .record({
        who: fc.constantFrom(...household),
        door: fc.constantFrom(...doors, ...doors, elsewhere),
        from: about(-3 * dayS, 3 * dayS),
        lasts: fc.integer({ min: hourS, max: 12 * dayS }),
        recurs: fc.option(recurs, { nil: undefined }),
        visits: fc.integer({ min: 1, max: 3 }),
        entries: fc.integer({ min: 1, max: 2 }),
        consent: fc.constantFrom('ask', 'auto'),
      })
      .map(({ who, lasts, recurs, ...rest }) => ({
        ...rest,
        id,
        party: who.party,
        until: rest.from + lasts,
        camera: 'off',
        ...(recurs === undefined ? {} : { recurs }),
      })) as fc.Arbitrary<Rule>;
  const rules = fc.tuple(rule('r-1'), rule('r-2'), rule('r-3'));
  const book = (version: number) =>
    fc
      .tuple(rules, about(-6 * dayS, 60), fc.integer({ min: hourS, max: weekS }))
      .map(([all, iat, lease]) => ({ aud: plainCast.hubId, version, iat, exp: iat + lease, rules: all }));
  const end = fc
    .constantFrom(
      ...['r-1', 'r-2'].map((id) => ({ kind: 'rule', id }) as const),
      ...['cleaner', 'sitter'].map((id) => ({ kind: 'guest', id }) as const),
    )
    .chain((ends) => fc.boolean().map((confirmed) => ({ ends, confirmed })));
  const yes = fc.record({
    of: fc.constantFrom(...household),
    grant: fc
      .record({
        door: fc.constantFrom(...doors),
        rule: fc.constantFrom('r-1', 'r-2', 'r-3'),
        nbf: about(-hourS, 3 * dayS),
        lasts: fc.constantFrom(60, 2 * hourS, dayS),
        entries: fc.integer({ min: 1, max: 2 }),
        epoch: fc.constantFrom(0, 1, 1),
      })
      .map(({ lasts, ...rest }) => ({ ...rest, exp: rest.nbf + lasts })),
    approvedUntil: about(hourS, 4 * dayS),
    uses: fc.constantFrom(0, 0, 1),
    isEnded: fc.constantFrom(false, false, true),
  });
  return fc.record({
    nowS: fc.constant(nowS),
    book: book(1),
    next: fc.option(book(2), { nil: undefined, freq: 2 }),
    epoch: fc.constant(1),
    visits: fc.dictionary(fc.constantFrom('r-1', 'r-2', 'r-3'), fc.integer({ min: 0, max: 3 })),
    endings: fc.array(end, { maxLength: 1 }),
    yeses: fc.array(yes, { maxLength: 2 }),
  });
}

t.test('T40, T28: the page names whom the hub lets in, and nobody else, in six zones, over both changes', async (t) => {
  for (const [zone, changes] of Object.entries(zones)) {
    for (const [index, changeS] of changes.entries()) {
      const property = fc.asyncProperty(homes(zone, changeS), async (home) => {
        const found = await difference(home);
        if (found !== undefined) throw new RangeError(found);
      });
      await fc.assert(property, { numRuns: 2, endOnFailure: true, seed: 4_200 + index });
      t.pass(`${zone}, change ${index + 1}`);
    }
  }
});

/** A home in which every limit keeps somebody out. */
function fullHome(): Home {
  const nowS = utcS(2026, 9, 22, 6);
  const base = { from: nowS - 30 * dayS, until: nowS + 30 * dayS, visits: 10, entries: 1, camera: 'off' } as const;
  const tuesdays: Recurrence = {
    ...{ zone: 'Europe/Berlin', start: '2026-10-06T09:00', seconds: 3 * hourS, freq: 'weekly' },
    days: ['TU', 'FR'],
  };
  const rule = (id: string, who: Somebody, change: Partial<Rule> = {}): Rule => ({
    ...base,
    ...{ id, party: who.party, door: doors[0]!, consent: 'ask' },
    ...change,
  });
  const yes = (of: Somebody, id: string, change: Partial<Yes['grant']> = {}, more: Partial<Yes> = {}): Yes => ({
    of,
    grant: { rule: id, door: doors[0]!, nbf: nowS + hourS, exp: nowS + 3 * hourS, entries: 1, epoch: 3, ...change },
    approvedUntil: nowS + 2 * hourS,
    uses: 0,
    isEnded: false,
    ...more,
  });
  return {
    nowS,
    book: {
      ...{ aud: plainCast.hubId, version: 4, iat: nowS - 4 * dayS, exp: nowS + 2 * dayS },
      rules: [
        rule('cleaning', cleaner, { consent: 'auto', recurs: tuesdays }),
        rule('sitting', sitter, { consent: 'auto' }),
        rule('parcels', dhl, { until: nowS + 5 * dayS }),
        rule('garage', dhl, { door: doors[1]!, consent: 'auto' }),
        rule('spent', dhl, { door: doors[1]!, visits: 2 }),
        rule('ended', plumber),
        rule('neighbour', plumber, { door: doors[1]!, recurs: tuesdays }),
        rule('watering', cleaner, { door: doors[1]! }),
        rule('next-door', dhl, { door: elsewhere, consent: 'auto' }),
      ],
    },
    epoch: 3,
    visits: { spent: 2 },
    endings: [
      { ends: { kind: 'rule', id: 'ended' }, confirmed: true },
      { ends: { kind: 'guest', id: 'sitter' }, confirmed: true },
    ],
    yeses: [
      yes(dhl, 'parcels'),
      yes(plumber, 'neighbour', { door: doors[1]!, nbf: utcS(2026, 9, 23, 8), exp: utcS(2026, 9, 23, 9) }),
    ],
  };
}

/** A home whose only rule asks, and one yes under it that is good until it is changed. */
function yesHome(change: Partial<Yes['grant']>, more: Partial<Yes> = {}): Home {
  const home = fullHome();
  const rules = home.book.rules
    .filter(({ id }) => id === 'neighbour')
    .map((rule) => ({ ...rule, party: cleaner.party }));
  const grant = { ...home.yeses[1]!.grant, ...change };
  const one = { of: cleaner, grant, approvedUntil: grant.exp + dayS, uses: 0, isEnded: false, ...more };
  return { ...home, book: { ...home.book, rules }, yeses: [one] };
}

/**
 * Limits of the hub, and a home in which nothing else stands behind them. The others of its tables refuse what the keys of this test
 * never sign, or what the second signature refuses as well: `test/device/grant/mutation.test.ts` has a row for each.
 */
const full = fullHome();
const limits: readonly (readonly [readonly FaultCode[], Home])[] = [
  [['GRANT_WRONG_DOOR'], full],
  [['GRANT_EARLY'], yesHome({})],
  [['GRANT_LATE'], yesHome({})],
  [['GRANT_EPOCH_DEAD'], yesHome({ epoch: 2 })],
  [['GRANT_REVOKED'], yesHome({}, { isEnded: true })],
  [['GRANT_USED_UP'], yesHome({}, { uses: 1 })],
  [['GRANT_TOO_MANY_ENTRIES'], yesHome({ entries: 2 })],
  [['RULE_GRANT_OUTSIDE_WINDOW'], yesHome({ exp: utcS(2026, 9, 23, 11) })],
  // each stands behind the other
  [['RULE_OUTSIDE_WINDOW', 'RULE_GRANT_OUTSIDE_WINDOW'], full],
  [['RULE_REVOKED'], full],
  [['RULE_WRONG_DOOR'], full],
  [['RULE_USED_UP'], full],
  [['GUEST_REVOKED'], full],
  [['GUEST_OTHER_KEY'], full],
  [['RULE_BOOK_LEASE_OVER'], full],
];

t.test('T40: a hub without one of its limits is caught by the comparison', async (t) => {
  for (const home of new Set(limits.map(([, one]) => one))) t.equal(await difference(home), undefined);
  const tables = [grantChecks, ruleChecks] as unknown as Check<unknown>[][];
  for (const [codes, home] of limits) {
    const whole = tables.map((checks) => [...checks]);
    for (const checks of tables) {
      const left = checks.filter(({ code }) => !codes.includes(code));
      checks.splice(0, checks.length, ...left);
    }
    t.not(await difference(home), undefined, `without ${codes.join(' and ')}`);
    for (const [index, checks] of tables.entries()) checks.splice(0, checks.length, ...whole[index]!);
  }
});

t.test('T40: a page that leaves out one thing that it knows is caught', async (t) => {
  const home = fullHome();
  const book = home.book;
  const without: Readonly<Record<string, (known: Known) => Known>> = {
    'the ends': (known) => ({ ...known, endings: [] }),
    'the counts': (known) => ({ ...known, visitsOf: () => 0 }),
    'the lease': (known) => ({ ...known, book: { ...book, exp: book.exp + weekS } }),
    'the yeses': (known) => ({ ...known, approved: [] }),
    'the doors': (known) => ({ ...known, doors: [...known.doors, { id: elsewhere, keepsUsers: false }] }),
    'when a rule ends': (known) => ({
      ...known,
      book: { ...book, rules: book.rules.map((one) => ({ ...one, until: one.until + weekS })) },
    }),
    ...Object.fromEntries(
      ['cleaning', 'parcels', 'garage', 'neighbour'].map((id) => [
        `rule ${id}`,
        (known: Known) => ({ ...known, book: { ...book, rules: book.rules.filter((one) => one.id !== id) } }),
      ]),
    ),
  };
  for (const [what, tell] of Object.entries(without)) {
    t.not(await difference(home, tell), undefined, `without ${what}`);
  }
});
