/** What was done to a video on its way, for somebody who never heard of a stream. */
import type { Table } from '../words.ts';

const en = {
  foreign: 'Somebody other than your hub started this video.',
  replayed: 'Old pictures were sent again as if they were new.',
  missing: 'Pictures were left out on their way.',
  altered: 'A picture was altered on its way.',
  broken: 'These are not the pictures that your hub signed for.',
  other: 'Something about this video is not as the hub made it.',
};

export const troubleWords = {
  en,
  de: {
    foreign: 'Jemand anderes als deine Zentrale hat dieses Video begonnen.',
    replayed: 'Alte Bilder wurden noch einmal geschickt, als wären sie neu.',
    missing: 'Unterwegs wurden Bilder ausgelassen.',
    altered: 'Ein Bild wurde unterwegs verändert.',
    broken: 'Das sind nicht die Bilder, für die deine Zentrale unterschrieben hat.',
    other: 'Etwas an diesem Video ist nicht, wie es die Zentrale gemacht hat.',
  },
  it: {
    foreign: 'Qualcun altro, non la tua centrale, ha avviato questo video.',
    replayed: 'Immagini vecchie sono state rimandate come nuove.',
    missing: 'Per strada sono state tolte immagini.',
    altered: 'Un’immagine è stata cambiata per strada.',
    broken: 'Non sono le immagini firmate dalla tua centrale.',
    other: 'Qualcosa in questo video non è come l’ha fatto la centrale.',
  },
  bg: {
    foreign: 'Друг, а не твоята централа, е започнал това видео.',
    replayed: 'Стари картини са пратени отново като нови.',
    missing: 'По пътя са изпуснати картини.',
    altered: 'Картина е променена по пътя.',
    broken: 'Това не са картините, които централата ти е подписала.',
    other: 'Нещо в това видео не е както го е направила централата.',
  },
  ro: {
    foreign: 'Altcineva, nu centrala ta, a pornit acest video.',
    replayed: 'Imagini vechi au fost trimise din nou ca noi.',
    missing: 'Pe drum au fost omise imagini.',
    altered: 'O imagine a fost schimbată pe drum.',
    broken: 'Nu sunt imaginile pe care le-a semnat centrala ta.',
    other: 'Ceva din acest video nu e cum l-a făcut centrala.',
  },
  ru: {
    foreign: 'Это видео начал кто-то другой, не твой блок.',
    replayed: 'Старые кадры прислали снова, будто новые.',
    missing: 'По пути пропущены кадры.',
    altered: 'Кадр изменён в пути.',
    broken: 'Это не те кадры, что подписал твой блок.',
    other: 'Что-то в этом видео не такое, каким его сделал блок.',
  },
  tr: {
    foreign: 'Bu videoyu merkezin değil, başkası başlattı.',
    replayed: 'Eski görüntüler yeniymiş gibi tekrar gönderildi.',
    missing: 'Yolda görüntüler çıkarıldı.',
    altered: 'Bir görüntü yolda değiştirildi.',
    broken: 'Bunlar merkezinin imzaladığı görüntüler değil.',
    other: 'Bu videoda bir şey merkezin yaptığı gibi değil.',
  },
} satisfies Table<typeof en>;
