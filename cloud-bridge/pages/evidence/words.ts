/** What the page says beside the evidence itself. It is one file, so it speaks three languages. */
import type { EvidenceWords } from '../common/evidence/say.ts';
import { de } from '../common/evidence/words/de.ts';
import { en } from '../common/evidence/words/en.ts';
import { it } from '../common/evidence/words/it.ts';

const english = {
  name: 'English',
  evidence: en as EvidenceWords,
  language: 'Language',
  title: 'Check the evidence of a delivery',
  intro: 'This page asks nobody: it works without a network, and the file stays on this device.',
  file: 'Choose the saved file, or drop it here',
  root: 'Hash of the first root set (optional)',
  rootText:
    'As Doorward publishes it. Without it the file only proves that it fits together: whoever makes up all keys can make up all of it.',
  own: 'Hangs on the root set {root}: compare it with the published one.',
  same: 'Hangs on the root set that you gave.',
  signed: 'Signed by the cloud with {cloud}, by the hub with {hub}.',
  bad: 'Do not rely on this file: {code}',
  unable: 'This browser cannot check Ed25519 signatures. Take a newer one.',
};
type Words = typeof english;

const german: Words = {
  name: 'Deutsch',
  evidence: de,
  language: 'Sprache',
  title: 'Nachweis einer Lieferung prüfen',
  intro: 'Diese Seite fragt niemanden: Sie geht ohne Netz, und die Datei bleibt auf diesem Gerät.',
  file: 'Gesicherte Datei wählen oder hier ablegen',
  root: 'Hash des ersten Wurzelsatzes (muss nicht sein)',
  rootText:
    'So wie Doorward ihn veröffentlicht. Ohne ihn belegt die Datei nur, dass sie zusammenpasst: Wer alle Schlüssel erfindet, kann alles erfinden.',
  own: 'Hängt am Wurzelsatz {root}: Vergleiche ihn mit dem veröffentlichten.',
  same: 'Hängt an dem Wurzelsatz, den du angegeben hast.',
  signed: 'Unterschrieben von der Cloud mit {cloud}, vom Hub mit {hub}.',
  bad: 'Verlass dich nicht auf diese Datei: {code}',
  unable: 'Dieser Browser kann Ed25519-Unterschriften nicht prüfen. Nimm einen neueren.',
};

const italian: Words = {
  name: 'Italiano',
  evidence: it,
  language: 'Lingua',
  title: 'Verifica la prova di una consegna',
  intro: 'Questa pagina non chiede a nessuno: funziona senza rete e il file resta su questo dispositivo.',
  file: 'Scegli il file salvato o trascinalo qui',
  root: 'Hash del primo insieme radice (facoltativo)',
  rootText:
    'Come lo pubblica Doorward. Senza, il file prova solo di essere coerente: chi inventa tutte le chiavi può inventare tutto.',
  own: 'Dipende dall’insieme radice {root}: confrontalo con quello pubblicato.',
  same: 'Dipende dall’insieme radice che hai indicato.',
  signed: 'Firmato dal cloud con {cloud}, dall’hub con {hub}.',
  bad: 'Non fare affidamento su questo file: {code}',
  unable: 'Questo browser non può verificare firme Ed25519. Usane uno più recente.',
};

export const words = { en: english, de: german, it: italian } as const;
export type Code = keyof typeof words;
