/** What a mail with a hand-over code says, in seven languages. `{code}`, `{goods}` … stand for what they name. */
import type { NoticeLanguage } from '../../wire/notifications.ts';

export interface CodeWords {
  readonly subject: string;
  readonly code: string;
  /** To somebody who receives for others; without a name where the owner gave none. */
  readonly asked: string;
  readonly askedBy: string;
  readonly goods: string;
  readonly sender: string;
  readonly carrier: string;
  readonly place: string;
  readonly day: string;
  readonly how: string;
  readonly phone: string;
  readonly notMine: string;
  readonly page: string;
  readonly notForMe: string;
}

export const codeWords: Readonly<Record<NoticeLanguage, CodeWords>> = {
  de: {
    subject: 'Code für eine Lieferung',
    code: 'Code: {code}',
    asked: 'Sie wurden gebeten, ein Paket anzunehmen.',
    askedBy: 'Sie wurden gebeten, ein Paket anzunehmen für: {asker}',
    goods: 'Was: {goods}',
    sender: 'Von: {sender}',
    carrier: 'Bringt: {carrier}',
    place: 'Wohin: Ihre Adresse, Tür {place}',
    day: 'Der Code gilt bis zum Ende des Tages {day}, und nur an der Tür.',
    how: 'Der Bote gibt Ihnen an der Tür sein Gerät, oder Sie sagen oder zeigen ihm den Code. Erst dann übergibt er das Paket.',
    phone:
      'Nennen Sie den Code nie am Telefon und in keiner Nachricht, wer auch fragt. Fragt jemand danach, ohne vor Ihrer Tür zu stehen, ist es Betrug. Die App zeigt, ob jemand vor der Tür steht.',
    notMine: 'Nicht von Ihnen bestellt? Sagen Sie es in der App, dann wird nichts übergeben: {link}',
    page: 'Der Code in großen Ziffern, und ob der Bote an der Tür ist: {link}',
    notForMe: 'Wollen Sie das nicht? Dann tun Sie nichts und sagen Sie es dem, der Sie gebeten hat.',
  },
  en: {
    subject: 'Code for a delivery',
    code: 'Code: {code}',
    asked: 'You were asked to take in a parcel.',
    askedBy: 'You were asked to take in a parcel for: {asker}',
    goods: 'What: {goods}',
    sender: 'From: {sender}',
    carrier: 'Brought by: {carrier}',
    place: 'Where to: your address, door {place}',
    day: 'The code is good until the end of the day {day}, and at the door only.',
    how: 'At the door the courier hands you the device, or you say or show the code. Only then the parcel is handed over.',
    phone:
      'Never tell the code by telephone or in a message, whoever asks. Whoever asks for it without standing at your door is a fraud. The app shows whether somebody is at the door.',
    notMine: 'You did not order this? Say so in the app, and nothing is handed over: {link}',
    page: 'The code in large digits, and whether the courier is at the door: {link}',
    notForMe: 'You would rather not? Then do nothing, and tell the person who asked you.',
  },
  it: {
    subject: 'Codice per una consegna',
    code: 'Codice: {code}',
    asked: 'Le è stato chiesto di ritirare un pacco.',
    askedBy: 'Le è stato chiesto di ritirare un pacco per: {asker}',
    goods: 'Che cosa: {goods}',
    sender: 'Da: {sender}',
    carrier: 'Consegna: {carrier}',
    place: 'Dove: al Suo indirizzo, porta {place}',
    day: 'Il codice vale fino alla fine del giorno {day}, e solo alla porta.',
    how: 'Alla porta il corriere Le porge il suo dispositivo, oppure Lei dice o mostra il codice. Solo allora consegna il pacco.',
    phone:
      'Non dica mai il codice al telefono né in un messaggio, chiunque lo chieda. Chi lo chiede senza essere alla Sua porta è un truffatore. L’app mostra se c’è qualcuno alla porta.',
    notMine: 'Non l’ha ordinato Lei? Lo dica nell’app e non verrà consegnato nulla: {link}',
    page: 'Il codice in cifre grandi, e se il corriere è alla porta: {link}',
    notForMe: 'Preferisce di no? Non faccia nulla e lo dica a chi glielo ha chiesto.',
  },
  bg: {
    subject: 'Код за доставка',
    code: 'Код: {code}',
    asked: 'Помолиха Ви да приемете пратка.',
    askedBy: 'Помолиха Ви да приемете пратка за: {asker}',
    goods: 'Какво: {goods}',
    sender: 'От: {sender}',
    carrier: 'Носи: {carrier}',
    place: 'Къде: на Вашия адрес, врата {place}',
    day: 'Кодът важи до края на деня {day} и само на вратата.',
    how: 'На вратата куриерът Ви подава устройството си или Вие казвате или показвате кода. Едва тогава предава пратката.',
    phone:
      'Никога не казвайте кода по телефона или в съобщение, който и да пита. Който го иска, без да е пред вратата Ви, е измамник. Приложението показва дали някой е пред вратата.',
    notMine: 'Не сте поръчвали? Кажете го в приложението и нищо няма да бъде предадено: {link}',
    page: 'Кодът с големи цифри и дали куриерът е пред вратата: {link}',
    notForMe: 'Не желаете? Не правете нищо и кажете на този, който Ви е помолил.',
  },
  ro: {
    subject: 'Cod pentru o livrare',
    code: 'Cod: {code}',
    asked: 'Ați fost rugat să primiți un colet.',
    askedBy: 'Ați fost rugat să primiți un colet pentru: {asker}',
    goods: 'Ce: {goods}',
    sender: 'De la: {sender}',
    carrier: 'Aduce: {carrier}',
    place: 'Unde: la adresa dumneavoastră, ușa {place}',
    day: 'Codul este valabil până la sfârșitul zilei {day} și numai la ușă.',
    how: 'La ușă curierul vă dă dispozitivul său sau îi spuneți ori îi arătați codul. Abia atunci predă coletul.',
    phone:
      'Nu spuneți niciodată codul la telefon sau într-un mesaj, oricine l-ar cere. Cine îl cere fără să fie la ușa dumneavoastră este un escroc. Aplicația arată dacă este cineva la ușă.',
    notMine: 'Nu ați comandat? Spuneți în aplicație și nu se predă nimic: {link}',
    page: 'Codul cu cifre mari și dacă curierul este la ușă: {link}',
    notForMe: 'Nu doriți? Nu faceți nimic și spuneți celui care v-a rugat.',
  },
  ru: {
    subject: 'Код для доставки',
    code: 'Код: {code}',
    asked: 'Вас попросили принять посылку.',
    askedBy: 'Вас попросили принять посылку для: {asker}',
    goods: 'Что: {goods}',
    sender: 'От кого: {sender}',
    carrier: 'Привезёт: {carrier}',
    place: 'Куда: по вашему адресу, дверь {place}',
    day: 'Код действует до конца дня {day} и только у двери.',
    how: 'У двери курьер даст вам своё устройство, или вы назовёте либо покажете код. Только тогда он отдаст посылку.',
    phone:
      'Никому не называйте код по телефону и в сообщениях. Кто просит его, не стоя у вашей двери, тот мошенник. Приложение показывает, есть ли кто-то у двери.',
    notMine: 'Вы этого не заказывали? Скажите об этом в приложении, и ничего не отдадут: {link}',
    page: 'Код крупными цифрами, и у двери ли курьер: {link}',
    notForMe: 'Не хотите? Ничего не делайте и скажите тому, кто вас попросил.',
  },
  tr: {
    subject: 'Bir teslimat için kod',
    code: 'Kod: {code}',
    asked: 'Bir paketi teslim almanız rica edildi.',
    askedBy: 'Şunun için bir paketi teslim almanız rica edildi: {asker}',
    goods: 'Ne: {goods}',
    sender: 'Gönderen: {sender}',
    carrier: 'Getiren: {carrier}',
    place: 'Nereye: adresiniz, kapı {place}',
    day: 'Kod {day} gününün sonuna kadar ve yalnız kapıda geçerlidir.',
    how: 'Kapıda kurye size cihazını verir ya da kodu söyler veya gösterirsiniz. Paketi ancak o zaman teslim eder.',
    phone:
      'Kim sorarsa sorsun, kodu asla telefonda veya mesajla söylemeyin. Kapınızda olmadan kodu isteyen dolandırıcıdır. Uygulama kapıda biri olup olmadığını gösterir.',
    notMine: 'Siz sipariş etmediniz mi? Uygulamada söyleyin, hiçbir şey teslim edilmez: {link}',
    page: 'Büyük rakamlarla kod ve kuryenin kapıda olup olmadığı: {link}',
    notForMe: 'İstemiyor musunuz? Hiçbir şey yapmayın ve sizden rica edene söyleyin.',
  },
};
