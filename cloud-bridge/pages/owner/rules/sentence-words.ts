/** The pieces of a rule's sentence, in every language. Names stand by themselves, so that no language has to bend them. */
import type { LanguageCode } from '../../common/language.ts';

/** By the plural rules of the language; `{n}` stands for the number. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

export interface SentenceWords {
  /** How the language's dates are written. */
  readonly locale: string;
  readonly carrier: string;
  readonly company: string;
  readonly guest: string;
  readonly door: string;
  /** Three days or more in a row. */
  readonly dayRange: string;
  /** Days one by one. */
  readonly eachDay: string;
  readonly everyDay: string;
  readonly everyDays: Forms;
  readonly everyWeeks: Forms;
  readonly hours: string;
  readonly overnight: string;
  readonly allDay: string;
  readonly from: string;
  readonly until: string;
  readonly noEnd: string;
  readonly occurrences: Forms;
  readonly last: string;
  readonly except: string;
  readonly visits: Forms;
  readonly entries: Forms;
  readonly zone: string;
  readonly recorded: string;
  readonly watched: string;
  readonly off: string;
  readonly ask: string;
  readonly auto: string;
}

export const sentenceWords: Readonly<Record<LanguageCode, SentenceWords>> = {
  en: {
    locale: 'en-GB',
    carrier: '{who} may bring parcels in',
    company: '{who} may come in to work',
    guest: '{who} may come in',
    door: 'door “{door}”',
    dayRange: '{first} to {last}',
    eachDay: 'every {days}',
    everyDay: 'every day',
    everyDays: { one: 'every day', other: 'every {n} days' },
    everyWeeks: { one: 'every week', other: 'every {n} weeks' },
    hours: '{from}–{until}',
    overnight: '{from} to {until} the next day',
    allDay: 'all day',
    from: 'from {day}',
    until: 'until {day}',
    noEnd: 'until I stop it',
    occurrences: { one: 'once', other: '{n} times' },
    last: 'for the last time on {day}',
    except: 'but not on {days}',
    visits: { one: 'one visit', other: 'at most {n} visits' },
    entries: { one: 'one opening a visit', other: 'up to {n} openings a visit' },
    zone: 'time of {zone}',
    recorded: 'camera on',
    watched: 'camera on and I am watching',
    off: 'no camera',
    ask: 'ask me each time',
    auto: 'without asking me',
  },
  de: {
    locale: 'de',
    carrier: '{who} darf Pakete hereinbringen',
    company: '{who} darf zum Arbeiten hereinkommen',
    guest: '{who} darf hereinkommen',
    door: 'Tür „{door}“',
    dayRange: '{first} bis {last}',
    eachDay: 'jeden {days}',
    everyDay: 'jeden Tag',
    everyDays: { one: 'jeden Tag', other: 'alle {n} Tage' },
    everyWeeks: { one: 'jede Woche', other: 'alle {n} Wochen' },
    hours: '{from}–{until} Uhr',
    overnight: '{from} Uhr bis {until} Uhr am nächsten Tag',
    allDay: 'den ganzen Tag',
    from: 'ab {day}',
    until: 'bis {day}',
    noEnd: 'bis ich es beende',
    occurrences: { one: 'einmal', other: '{n}-mal' },
    last: 'zuletzt am {day}',
    except: 'aber nicht am {days}',
    visits: { one: 'ein Besuch', other: 'höchstens {n} Besuche' },
    entries: { one: 'eine Öffnung je Besuch', other: 'bis zu {n} Öffnungen je Besuch' },
    zone: 'Zeit von {zone}',
    recorded: 'Kamera an',
    watched: 'Kamera an, und ich sehe zu',
    off: 'ohne Kamera',
    ask: 'jedes Mal mich fragen',
    auto: 'ohne mich zu fragen',
  },
  it: {
    locale: 'it',
    carrier: '{who} può portare dentro pacchi',
    company: '{who} può entrare per lavorare',
    guest: '{who} può entrare',
    door: 'porta «{door}»',
    dayRange: '{first} – {last}',
    eachDay: 'ogni {days}',
    everyDay: 'ogni giorno',
    everyDays: { one: 'ogni giorno', many: 'ogni {n} giorni', other: 'ogni {n} giorni' },
    everyWeeks: { one: 'ogni settimana', many: 'ogni {n} settimane', other: 'ogni {n} settimane' },
    hours: '{from}–{until}',
    overnight: 'dalle {from} alle {until} del giorno dopo',
    allDay: 'tutto il giorno',
    from: 'dal {day}',
    until: 'fino al {day}',
    noEnd: 'finché non lo fermo',
    occurrences: { one: 'una volta', many: '{n} volte', other: '{n} volte' },
    last: 'per l’ultima volta il {day}',
    except: 'ma non il {days}',
    visits: { one: 'una visita', many: 'al massimo {n} visite', other: 'al massimo {n} visite' },
    entries: {
      one: 'un’apertura per visita',
      many: 'fino a {n} aperture per visita',
      other: 'fino a {n} aperture per visita',
    },
    zone: 'ora di {zone}',
    recorded: 'con videocamera',
    watched: 'con videocamera e io che guardo',
    off: 'senza videocamera',
    ask: 'chiedendomi ogni volta',
    auto: 'senza chiedermi',
  },
  bg: {
    locale: 'bg',
    carrier: '{who} може да внася пратки',
    company: '{who} може да влиза за работа',
    guest: '{who} може да влиза',
    door: 'врата „{door}“',
    dayRange: '{first} – {last}',
    eachDay: 'всяка седмица: {days}',
    everyDay: 'всеки ден',
    everyDays: { one: 'всеки ден', other: 'на всеки {n} дни' },
    everyWeeks: { one: 'всяка седмица', other: 'на всеки {n} седмици' },
    hours: '{from}–{until} ч.',
    overnight: 'от {from} ч. до {until} ч. на следващия ден',
    allDay: 'цял ден',
    from: 'от {day}',
    until: 'до {day}',
    noEnd: 'докато не го спра',
    occurrences: { one: 'веднъж', other: '{n} пъти' },
    last: 'за последно на {day}',
    except: 'но не на {days}',
    visits: { one: 'едно посещение', other: 'най-много {n} посещения' },
    entries: { one: 'едно отваряне на посещение', other: 'до {n} отваряния на посещение' },
    zone: 'време на {zone}',
    recorded: 'с камера',
    watched: 'с камера и аз гледам',
    off: 'без камера',
    ask: 'всеки път с въпрос към мен',
    auto: 'без да ме пита',
  },
  ro: {
    locale: 'ro',
    carrier: '{who} poate aduce colete înăuntru',
    company: '{who} poate intra la lucru',
    guest: '{who} poate intra',
    door: 'ușa „{door}”',
    dayRange: '{first} – {last}',
    eachDay: 'în fiecare {days}',
    everyDay: 'în fiecare zi',
    everyDays: { one: 'în fiecare zi', few: 'la {n} zile', other: 'la {n} de zile' },
    everyWeeks: { one: 'în fiecare săptămână', few: 'la {n} săptămâni', other: 'la {n} de săptămâni' },
    hours: '{from}–{until}',
    overnight: 'de la {from} până la {until} a doua zi',
    allDay: 'toată ziua',
    from: 'din {day}',
    until: 'până la {day}',
    noEnd: 'până opresc eu',
    occurrences: { one: 'o dată', few: 'de {n} ori', other: 'de {n} de ori' },
    last: 'ultima dată pe {day}',
    except: 'dar nu pe {days}',
    visits: { one: 'o vizită', few: 'cel mult {n} vizite', other: 'cel mult {n} de vizite' },
    entries: {
      one: 'o deschidere la o vizită',
      few: 'până la {n} deschideri la o vizită',
      other: 'până la {n} de deschideri la o vizită',
    },
    zone: 'ora din {zone}',
    recorded: 'cu cameră',
    watched: 'cu cameră și eu privesc',
    off: 'fără cameră',
    ask: 'întrebându-mă de fiecare dată',
    auto: 'fără să mă întrebe',
  },
  ru: {
    locale: 'ru',
    carrier: '{who} может заносить посылки',
    company: '{who} может входить для работы',
    guest: '{who} может входить',
    door: 'дверь «{door}»',
    dayRange: '{first} – {last}',
    eachDay: 'каждую неделю: {days}',
    everyDay: 'каждый день',
    everyDays: { one: 'раз в {n} день', few: 'раз в {n} дня', many: 'раз в {n} дней', other: 'раз в {n} дня' },
    everyWeeks: {
      one: 'раз в {n} неделю',
      few: 'раз в {n} недели',
      many: 'раз в {n} недель',
      other: 'раз в {n} недели',
    },
    hours: '{from}–{until}',
    overnight: 'с {from} до {until} следующего дня',
    allDay: 'весь день',
    from: 'с {day}',
    until: 'до {day}',
    noEnd: 'пока я не остановлю',
    occurrences: { one: '{n} раз', few: '{n} раза', many: '{n} раз', other: '{n} раза' },
    last: 'в последний раз {day}',
    except: 'но не {days}',
    visits: {
      one: 'не более {n} визита',
      few: 'не более {n} визитов',
      many: 'не более {n} визитов',
      other: 'не более {n} визита',
    },
    entries: {
      one: 'до {n} открытия за визит',
      few: 'до {n} открытий за визит',
      many: 'до {n} открытий за визит',
      other: 'до {n} открытия за визит',
    },
    zone: 'по времени {zone}',
    recorded: 'с камерой',
    watched: 'с камерой, и я смотрю',
    off: 'без камеры',
    ask: 'каждый раз спрашивать меня',
    auto: 'не спрашивая меня',
  },
  tr: {
    locale: 'tr',
    carrier: '{who} paketleri içeri getirebilir',
    company: '{who} çalışmak için girebilir',
    guest: '{who} girebilir',
    door: 'kapı “{door}”',
    dayRange: '{first} – {last}',
    eachDay: 'her {days}',
    everyDay: 'her gün',
    everyDays: { one: 'her gün', other: '{n} günde bir' },
    everyWeeks: { one: 'her hafta', other: '{n} haftada bir' },
    hours: '{from}–{until}',
    overnight: 'saat {from} ile ertesi gün {until} arası',
    allDay: 'bütün gün',
    from: 'başlangıç {day}',
    until: 'son gün {day}',
    noEnd: 'ben durdurana kadar',
    occurrences: { one: 'bir kez', other: '{n} kez' },
    last: 'son kez {day}',
    except: '{days} hariç',
    visits: { one: 'bir ziyaret', other: 'en çok {n} ziyaret' },
    entries: { one: 'ziyaret başına bir açılış', other: 'ziyaret başına en çok {n} açılış' },
    zone: '{zone} saatiyle',
    recorded: 'kamera açık',
    watched: 'kamera açık, ben izliyorum',
    off: 'kamerasız',
    ask: 'her seferinde bana sorarak',
    auto: 'bana sormadan',
  },
};
