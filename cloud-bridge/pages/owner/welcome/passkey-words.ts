/** Before a passkey is made or asked. */
import type { Table } from '../words.ts';

const en = {
  invited: 'One touch for this device',
  invitedText:
    'With a passkey, nobody opens a new way into your home from this device without your finger, your face or its PIN.',
  make: 'Make a passkey',
  use: 'Use a passkey that I have',
  without: 'Go on without',
  out: 'This device is logged out',
  outText: 'Somebody of your household ended its session. Log in with your passkey.',
  logIn: 'Log in',
  waiting: 'Your device asks you …',
  cancelled: 'Nothing has happened. Try again.',
  failed: 'It did not work.',
};

export const passkeyWords = {
  en,
  de: {
    invited: 'Eine Berührung für dieses Gerät',
    invitedText:
      'Mit einem Passkey öffnet von diesem Gerät aus niemand einen neuen Weg in dein Zuhause ohne deinen Finger, dein Gesicht oder die PIN.',
    make: 'Passkey anlegen',
    use: 'Vorhandenen Passkey nehmen',
    without: 'Ohne weitermachen',
    out: 'Dieses Gerät ist abgemeldet',
    outText: 'Jemand aus deinem Haushalt hat die Sitzung beendet. Melde dich mit deinem Passkey an.',
    logIn: 'Anmelden',
    waiting: 'Dein Gerät fragt dich …',
    cancelled: 'Es ist nichts geschehen. Versuche es noch einmal.',
    failed: 'Das hat nicht geklappt.',
  },
  it: {
    invited: 'Un tocco per questo dispositivo',
    invitedText:
      'Con una passkey, da questo dispositivo nessuno apre una nuova via in casa tua senza il tuo dito, il tuo viso o il PIN.',
    make: 'Crea una passkey',
    use: 'Usa una passkey che ho già',
    without: 'Continua senza',
    out: 'Questo dispositivo è uscito',
    outText: 'Qualcuno della tua casa ha chiuso la sessione. Accedi con la tua passkey.',
    logIn: 'Accedi',
    waiting: 'Il dispositivo te lo chiede …',
    cancelled: 'Non è successo nulla. Riprova.',
    failed: 'Non ha funzionato.',
  },
  bg: {
    invited: 'Едно докосване за това устройство',
    invitedText:
      'С ключ за достъп никой не отваря от това устройство нов път към дома ти без твоя пръст, твоето лице или ПИН кода.',
    make: 'Създай ключ за достъп',
    use: 'Използвай ключ, който имам',
    without: 'Продължи без ключ',
    out: 'Това устройство е излязло',
    outText: 'Някой от домакинството прекрати сесията. Влез с твоя ключ за достъп.',
    logIn: 'Влез',
    waiting: 'Устройството те пита …',
    cancelled: 'Нищо не се случи. Опитай пак.',
    failed: 'Не се получи.',
  },
  ro: {
    invited: 'O atingere pentru acest dispozitiv',
    invitedText:
      'Cu o cheie de acces, nimeni nu deschide de pe acest dispozitiv o cale nouă în casa ta fără degetul, fața ta sau PIN-ul.',
    make: 'Creează o cheie de acces',
    use: 'Folosește o cheie pe care o am',
    without: 'Continuă fără',
    out: 'Acest dispozitiv este deconectat',
    outText: 'Cineva din gospodăria ta a încheiat sesiunea. Conectează-te cu cheia ta de acces.',
    logIn: 'Conectează-te',
    waiting: 'Dispozitivul te întreabă …',
    cancelled: 'Nu s-a întâmplat nimic. Încearcă din nou.',
    failed: 'Nu a mers.',
  },
  ru: {
    invited: 'Одно касание для этого устройства',
    invitedText:
      'С ключом доступа никто не откроет с этого устройства новый путь в твой дом без твоего пальца, лица или PIN-кода.',
    make: 'Создать ключ доступа',
    use: 'Взять ключ, который есть',
    without: 'Продолжить без ключа',
    out: 'Это устройство отключено',
    outText: 'Кто-то из домочадцев завершил сеанс. Войди со своим ключом доступа.',
    logIn: 'Войти',
    waiting: 'Устройство спрашивает тебя …',
    cancelled: 'Ничего не произошло. Попробуй ещё раз.',
    failed: 'Не получилось.',
  },
  tr: {
    invited: 'Bu cihaz için bir dokunuş',
    invitedText: 'Geçiş anahtarıyla, parmağın, yüzün ya da PIN olmadan kimse bu cihazdan evine yeni bir yol açamaz.',
    make: 'Geçiş anahtarı oluştur',
    use: 'Var olan anahtarımı kullan',
    without: 'Anahtarsız devam et',
    out: 'Bu cihazın oturumu kapatıldı',
    outText: 'Ev halkından biri oturumu kapattı. Geçiş anahtarınla giriş yap.',
    logIn: 'Giriş yap',
    waiting: 'Cihazın sana soruyor …',
    cancelled: 'Hiçbir şey olmadı. Yeniden dene.',
    failed: 'Olmadı.',
  },
} satisfies Table<typeof en>;
