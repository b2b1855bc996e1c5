/** The texts of the hub's own page, by language. */

export interface Words {
  readonly title: string;
  readonly same: string;
  readonly different: string;
  readonly unread: string;
  readonly never: string;
  readonly what: string;
  readonly checked: string;
  readonly lastSame: string;
  readonly blind: string;
  readonly release: string;
  readonly key: string;
  readonly until: string;
  readonly differences: string;
  readonly files: string;
  readonly compare: string;
  readonly limits: string;
}

const en: Words = {
  title: 'Are the pages of the cloud the released ones?',
  same: 'Yes. The cloud serves the pages that were released.',
  different: 'No. The cloud serves other pages than were released. Do not open them.',
  unread: 'Not known. The hub could not read all of them.',
  never: 'Not known yet. The hub has not looked since it started.',
  what: 'This page comes from the hub in your home. The cloud has no part in it.',
  checked: 'Last look',
  lastSame: 'Last found as released',
  blind: 'Nothing could be learnt since',
  release: 'Release',
  key: 'Release key',
  until: 'Signed until',
  differences: 'What differs',
  files: 'Every released file and its SHA-256',
  compare: 'To compare for yourself, on any computer: doorward pages check',
  limits:
    'A cloud that serves a changed page to one visitor alone is not seen from here; nor is anything that changes in the browser itself.',
};

const de: Words = {
  title: 'Sind die Seiten der Cloud die freigegebenen?',
  same: 'Ja. Die Cloud liefert die Seiten, die freigegeben wurden.',
  different: 'Nein. Die Cloud liefert andere Seiten, als freigegeben wurden. Öffnen Sie sie nicht.',
  unread: 'Nicht bekannt. Der Hub konnte sie nicht alle lesen.',
  never: 'Noch nicht bekannt. Der Hub hat seit seinem Start nicht nachgesehen.',
  what: 'Diese Seite kommt vom Hub in Ihrer Wohnung. Die Cloud hat keinen Anteil daran.',
  checked: 'Zuletzt nachgesehen',
  lastSame: 'Zuletzt wie freigegeben',
  blind: 'Nichts zu erfahren seit',
  release: 'Freigabe',
  key: 'Schlüssel der Freigabe',
  until: 'Unterschrieben bis',
  differences: 'Was anders ist',
  files: 'Jede freigegebene Datei und ihr SHA-256',
  compare: 'Selbst vergleichen, an jedem Rechner: doorward pages check',
  limits:
    'Eine Cloud, die nur einem einzigen Besucher eine andere Seite liefert, fällt hier nicht auf; ebenso wenig, was sich im Browser selbst ändert.',
};

export const words = { en, de } as const;
export type Language = keyof typeof words;

/** @param accepted  an `Accept-Language` header. @returns the first language in it that there is; else English */
export function languageFor(accepted: string | undefined): Language {
  const wanted = (accepted ?? '').split(',').map((one) => one.trim().slice(0, 2).toLowerCase());
  return wanted.find((one): one is Language => Object.hasOwn(words, one)) ?? 'en';
}
