/**
 * The words of the first screen, in all seven languages: they come with the script that shows it, so that nobody waits for a language. All
 * others are in `words/`, by language. One that is missing does not compile.
 */
import type { LanguageCode } from '../common/language.ts';

interface FirstWords {
  readonly language: string;
  readonly loading: string;
  readonly hold: string;
  readonly again: string;
  /** Until the cloud has said what it is. */
  readonly delivery: string;
  readonly take: string;
  readonly takeNote: string;
  readonly guest: { readonly invitedTitle: string; readonly take: string; readonly takeNote: string };
}

export const firstWords: Readonly<Record<LanguageCode, FirstWords>> = {
  de: {
    language: 'Sprache',
    loading: 'Einen Moment …',
    hold: 'Taste halten',
    again: 'Noch einmal drücken',
    delivery: 'Eine Lieferung',
    take: 'Zustellung übernehmen',
    takeNote: 'Danach öffnet sie nur dieses Telefon.',
    guest: {
      invitedTitle: 'Du bist eingeladen',
      take: 'Dieses Telefon benutzen',
      takeNote: 'Der Link gilt danach nur auf diesem Telefon und auf keinem anderen.',
    },
  },
  en: {
    language: 'Language',
    loading: 'One moment …',
    hold: 'Hold the button',
    again: 'Press once more',
    delivery: 'A delivery',
    take: 'Take this delivery',
    takeNote: 'Only this phone opens it then.',
    guest: {
      invitedTitle: 'You are invited',
      take: 'Use this phone',
      takeNote: 'The link then works on this phone only, and on no other.',
    },
  },
  it: {
    language: 'Lingua',
    loading: 'Un momento …',
    hold: 'Tieni premuto',
    again: 'Premi ancora una volta',
    delivery: 'Una consegna',
    take: 'Prendi la consegna',
    takeNote: 'Poi la apre solo questo telefono.',
    guest: {
      invitedTitle: 'Sei stato invitato',
      take: 'Usa questo telefono',
      takeNote: 'Poi il link vale solo su questo telefono e su nessun altro.',
    },
  },
  bg: {
    language: 'Език',
    loading: 'Един момент …',
    hold: 'Задръж бутона',
    again: 'Натисни още веднъж',
    delivery: 'Доставка',
    take: 'Поеми доставката',
    takeNote: 'След това я отваря само този телефон.',
    guest: {
      invitedTitle: 'Имаш покана',
      take: 'Използвай този телефон',
      takeNote: 'След това връзката важи само на този телефон и на никой друг.',
    },
  },
  ro: {
    language: 'Limbă',
    loading: 'Un moment …',
    hold: 'Ține apăsat',
    again: 'Apasă încă o dată',
    delivery: 'O livrare',
    take: 'Preia livrarea',
    takeNote: 'Apoi o deschide doar acest telefon.',
    guest: {
      invitedTitle: 'Ești invitat',
      take: 'Folosește acest telefon',
      takeNote: 'Apoi linkul merge doar pe acest telefon și pe niciun altul.',
    },
  },
  ru: {
    language: 'Язык',
    loading: 'Минуту …',
    hold: 'Держи кнопку',
    again: 'Нажми ещё раз',
    delivery: 'Доставка',
    take: 'Взять доставку',
    takeNote: 'Потом её откроет только этот телефон.',
    guest: {
      invitedTitle: 'Тебя пригласили',
      take: 'Взять этот телефон',
      takeNote: 'Потом ссылка действует только на этом телефоне, и ни на каком другом.',
    },
  },
  tr: {
    language: 'Dil',
    loading: 'Bir dakika …',
    hold: 'Düğmeyi basılı tut',
    again: 'Bir kez daha bas',
    delivery: 'Bir teslimat',
    take: 'Teslimatı al',
    takeNote: 'Sonra onu yalnız bu telefon açar.',
    guest: {
      invitedTitle: 'Davetlisin',
      take: 'Bu telefonu kullan',
      takeNote: 'Sonra bağlantı yalnız bu telefonda çalışır, başkasında çalışmaz.',
    },
  },
};
