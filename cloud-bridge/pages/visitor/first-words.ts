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
  /** A courier's delivery or the work of a company's staff: which of the two the cloud has not said yet. */
  readonly task: string;
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
    task: 'Ein Auftrag',
    take: 'Auftrag übernehmen',
    takeNote: 'Danach öffnet ihn nur dieses Telefon.',
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
    task: 'A job',
    take: 'Take this job',
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
    task: 'Un incarico',
    take: 'Prendi l’incarico',
    takeNote: 'Poi lo apre solo questo telefono.',
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
    task: 'Задача',
    take: 'Поеми задачата',
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
    task: 'O sarcină',
    take: 'Preia sarcina',
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
    task: 'Заказ',
    take: 'Взять заказ',
    takeNote: 'Потом его откроет только этот телефон.',
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
    task: 'Bir iş',
    take: 'İşi al',
    takeNote: 'Sonra onu yalnız bu telefon açar.',
    guest: {
      invitedTitle: 'Davetlisin',
      take: 'Bu telefonu kullan',
      takeNote: 'Sonra bağlantı yalnız bu telefonda çalışır, başkasında çalışmaz.',
    },
  },
};
