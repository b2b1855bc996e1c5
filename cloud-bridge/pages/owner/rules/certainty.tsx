/** By when an end is certain, said honestly (T06, T39): signed for by the hub, by the service's word, or pending until its worst case. */
import { useApp } from '../app.ts';
import { sayMoment } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill, type Table } from '../words.ts';
import type { HubWord } from './hub-word.ts';

const en = {
  signed: 'Over. The hub signed for it: entry {seq}, {time}.',
  said: 'The service says that the hub has it. The hub’s own signature is not here yet.',
  pending: 'Pending: the hub does not know yet.',
  until: 'It is over as soon as the hub hears of it; at the latest on {time}.',
  open: 'It is over as soon as the hub hears of it, and not before.',
};
const words = {
  en,
  de: {
    signed: 'Beendet. Die Zentrale hat es unterschrieben: Eintrag {seq}, {time}.',
    said: 'Der Dienst sagt, die Zentrale hat es. Ihre eigene Unterschrift ist noch nicht da.',
    pending: 'Ausstehend: Die Zentrale weiß es noch nicht.',
    until: 'Es endet, sobald die Zentrale davon erfährt; spätestens {time}.',
    open: 'Es endet, sobald die Zentrale davon erfährt, und nicht vorher.',
  },
  it: {
    signed: 'Finito. La centrale ha firmato: voce {seq}, {time}.',
    said: 'Il servizio dice che la centrale lo sa. La sua firma non è ancora qui.',
    pending: 'In sospeso: la centrale non lo sa ancora.',
    until: 'Finisce appena la centrale lo sa; al più tardi {time}.',
    open: 'Finisce appena la centrale lo sa, e non prima.',
  },
  bg: {
    signed: 'Приключено. Централата се подписа: запис {seq}, {time}.',
    said: 'Услугата казва, че централата знае. Нейният подпис още не е тук.',
    pending: 'В изчакване: централата още не знае.',
    until: 'Приключва, щом централата научи; най-късно {time}.',
    open: 'Приключва, щом централата научи, и не по-рано.',
  },
  ro: {
    signed: 'S-a încheiat. Centrala a semnat: intrarea {seq}, {time}.',
    said: 'Serviciul spune că centrala știe. Semnătura ei nu este încă aici.',
    pending: 'În așteptare: centrala nu știe încă.',
    until: 'Se încheie imediat ce centrala află; cel târziu {time}.',
    open: 'Se încheie imediat ce centrala află, nu mai devreme.',
  },
  ru: {
    signed: 'Завершено. Блок подписал: запись {seq}, {time}.',
    said: 'Служба говорит, что блок знает. Его собственной подписи ещё нет.',
    pending: 'Ожидает: блок ещё не знает.',
    until: 'Закончится, как только блок узнает; самое позднее {time}.',
    open: 'Закончится, как только блок узнает, и не раньше.',
  },
  tr: {
    signed: 'Bitti. Merkez imzaladı: kayıt {seq}, {time}.',
    said: 'Hizmet, merkezin bildiğini söylüyor. Merkezin imzası henüz burada değil.',
    pending: 'Bekliyor: merkez henüz bilmiyor.',
    until: 'Merkez öğrenir öğrenmez biter; en geç {time}.',
    open: 'Merkez öğrenir öğrenmez biter, daha önce değil.',
  },
} satisfies Table<typeof en>;

export interface CertaintyProps {
  readonly word: HubWord | undefined;
  /** The last moment at which it could still open while the hub does not know, seconds; undefined: there is none. */
  readonly lastS: number | undefined;
}

export function Certainty({ word, lastS }: CertaintyProps) {
  const says = useWords(words);
  const { code } = useApp();
  const at = (ms: number): string => sayMoment(code, ms, Date.now());
  if (word?.is === 'signed') {
    return (
      <p class="certainty" data-certain="signed" role="status">
        {fill(says.signed, { seq: word.seq, time: at(word.atMs) })}
      </p>
    );
  }
  return (
    <p class="certainty" data-certain={word === undefined ? 'pending' : 'said'} role="status">
      <strong>{word === undefined ? says.pending : says.said}</strong>{' '}
      {lastS === undefined ? says.open : fill(says.until, { time: at(lastS * 1000) })}
    </p>
  );
}
