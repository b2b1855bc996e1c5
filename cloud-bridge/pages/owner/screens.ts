/**
 * Every screen of the app, one line each, in the order in which they are offered.
 *
 * To add one: write `<folder>/screen.tsx` with `export function Screen()`, and a line here. What it says it brings itself, as a table of
 * all languages (`words.ts`: `Table`; `use-words.ts`); what is known and what can be done it asks of `useApp()` (`app.ts`). It is loaded when
 * it is first shown. The frame shows its label as the heading, so that it begins with its content; `go(name)` leads to it.
 *
 * `place`: `bar` stands in the bar below (at most four), `more` in the list of the screen "More", `settings` in that of the settings;
 * `hidden` is reached from another screen alone. `under`: the screen of the list from which it is reached. `needs`: `nothing` is offered to a device that belongs to no home yet, too.
 */
import type { ComponentType } from 'preact';
import type { Picture } from './icon.tsx';
import type { Texts } from './words.ts';

export interface ScreenRow {
  readonly name: string;
  readonly place: 'bar' | 'more' | 'settings' | 'hidden';
  readonly under?: string;
  readonly needs?: 'home' | 'nothing';
  readonly picture: Picture;
  readonly label: Texts;
  readonly load: () => Promise<{ readonly Screen: ComponentType }>;
}

// biome-ignore format: one line a screen
export const screens = [
  { name: 'now', place: 'bar', picture: 'door', label: { de: 'Jetzt', en: 'Now', it: 'Ora', bg: 'Сега', ro: 'Acum', ru: 'Сейчас', tr: 'Şimdi' }, load: () => import('./now/screen.tsx') },
  { name: 'today', place: 'bar', picture: 'parcel', label: { de: 'Heute', en: 'Today', it: 'Oggi', bg: 'Днес', ro: 'Azi', ru: 'Сегодня', tr: 'Bugün' }, load: () => import('./today/screen.tsx') },
  { name: 'diary', place: 'bar', picture: 'book', label: { de: 'Tagebuch', en: 'Diary', it: 'Diario', bg: 'Дневник', ro: 'Jurnal', ru: 'Журнал', tr: 'Günlük' }, load: () => import('./diary/screen.tsx') },
  { name: 'deliveries', place: 'more', picture: 'parcel', label: { de: 'Lieferungen', en: 'Deliveries', it: 'Consegne', bg: 'Доставки', ro: 'Livrări', ru: 'Доставки', tr: 'Teslimatlar' }, load: () => import('./deliveries/screen.tsx') },
  { name: 'delivery', place: 'hidden', picture: 'parcel', label: { de: 'Eine Lieferung', en: 'A delivery', it: 'Una consegna', bg: 'Една доставка', ro: 'O livrare', ru: 'Доставка', tr: 'Bir teslimat' }, load: () => import('./deliveries/one.tsx') },
  { name: 'wishes', place: 'settings', picture: 'parcel', label: { de: 'Wohin mit Paketen', en: 'What to do with parcels', it: 'Che fare con i pacchi', bg: 'Какво да става с пратките', ro: 'Ce se face cu coletele', ru: 'Что делать с посылками', tr: 'Kolilerle ne yapılsın' }, load: () => import('./wishes/screen.tsx') },
  { name: 'recordings', place: 'more', picture: 'camera', label: { de: 'Aufnahmen', en: 'Recordings', it: 'Registrazioni', bg: 'Записи', ro: 'Înregistrări', ru: 'Записи', tr: 'Kayıtlar' }, load: () => import('./recordings/screen.tsx') },
  { name: 'more', place: 'bar', picture: 'more', label: { de: 'Mehr', en: 'More', it: 'Altro', bg: 'Още', ro: 'Mai mult', ru: 'Ещё', tr: 'Daha' }, load: () => import('./more/screen.tsx') },
  { name: 'who', place: 'more', picture: 'question', label: { de: 'Wer könnte meine Tür öffnen?', en: 'Who could open my door?', it: 'Chi potrebbe aprire la mia porta?', bg: 'Кой може да отвори вратата ми?', ro: 'Cine mi-ar putea deschide ușa?', ru: 'Кто может открыть мою дверь?', tr: 'Kapımı kim açabilir?' }, load: () => import('./who/screen.tsx') },
  { name: 'rules', place: 'more', picture: 'list', label: { de: 'Regeln', en: 'Rules', it: 'Regole', bg: 'Правила', ro: 'Reguli', ru: 'Правила', tr: 'Kurallar' }, load: () => import('./rules/screen.tsx') },
  { name: 'rule', place: 'hidden', under: 'rules', picture: 'list', label: { de: 'Eine Regel', en: 'A rule', it: 'Una regola', bg: 'Едно правило', ro: 'O regulă', ru: 'Правило', tr: 'Bir kural' }, load: () => import('./rules/form.tsx') },
  { name: 'guests', place: 'more', picture: 'key', label: { de: 'Gäste', en: 'Guests', it: 'Ospiti', bg: 'Гости', ro: 'Oaspeți', ru: 'Гости', tr: 'Misafirler' }, load: () => import('./guests/screen.tsx') },
  { name: 'codes', place: 'more', picture: 'lock', label: { de: 'Codes am Schloss', en: 'Codes at the lock', it: 'Codici nella serratura', bg: 'Кодове в ключалката', ro: 'Coduri în încuietoare', ru: 'Коды в замке', tr: 'Kilitteki kodlar' }, load: () => import('./codes/screen.tsx') },
  { name: 'devices', place: 'more', picture: 'people', label: { de: 'Geräte und Haushalt', en: 'Devices and household', it: 'Dispositivi e famiglia', bg: 'Устройства и домакинство', ro: 'Dispozitive și gospodărie', ru: 'Устройства и домочадцы', tr: 'Cihazlar ve ev halkı' }, load: () => import('./devices/screen.tsx') },
  { name: 'account', place: 'settings', under: 'settings', picture: 'shield', label: { de: 'Konto und Passkeys', en: 'Account and passkeys', it: 'Account e passkey', bg: 'Профил и ключове за достъп', ro: 'Cont și chei de acces', ru: 'Учётная запись и ключи', tr: 'Hesap ve geçiş anahtarları' }, load: () => import('./account/screen.tsx') },
  { name: 'cases', place: 'more', picture: 'question', label: { de: 'Kundendienst', en: 'Support', it: 'Assistenza', bg: 'Поддръжка', ro: 'Asistență', ru: 'Поддержка', tr: 'Destek' }, load: () => import('./cases/screen.tsx') },
  { name: 'notifications', place: 'more', picture: 'bell', label: { de: 'Meldungen', en: 'Notifications', it: 'Avvisi', bg: 'Известия', ro: 'Anunțuri', ru: 'Сообщения', tr: 'Bildirimler' }, load: () => import('./notifications/screen.tsx') },
  { name: 'doors', place: 'more', picture: 'door', label: { de: 'Die Tür finden', en: 'Finding the door', it: 'Trovare la porta', bg: 'Намиране на вратата', ro: 'Găsirea ușii', ru: 'Как найти дверь', tr: 'Kapıyı bulmak' }, load: () => import('./doors/screen.tsx') },
  { name: 'recovery', place: 'settings', under: 'settings', picture: 'key', label: { de: 'Code zur Wiederherstellung', en: 'Recovery code', it: 'Codice di recupero', bg: 'Код за възстановяване', ro: 'Cod de recuperare', ru: 'Код восстановления', tr: 'Kurtarma kodu' }, load: () => import('./recovery/screen.tsx') },
  { name: 'lost', place: 'hidden', needs: 'nothing', picture: 'key', label: { de: 'Alle Geräte verloren', en: 'All devices are lost', it: 'Tutti i dispositivi persi', bg: 'Всички устройства са изгубени', ro: 'Toate dispozitivele pierdute', ru: 'Все устройства потеряны', tr: 'Bütün cihazlar kayıp' }, load: () => import('./recovery/lost.tsx') },
  { name: 'settings', place: 'more', picture: 'gear', label: { de: 'Einstellungen', en: 'Settings', it: 'Impostazioni', bg: 'Настройки', ro: 'Setări', ru: 'Настройки', tr: 'Ayarlar' }, load: () => import('./settings/screen.tsx') },
] as const satisfies readonly ScreenRow[];

export type ScreenName = (typeof screens)[number]['name'];
