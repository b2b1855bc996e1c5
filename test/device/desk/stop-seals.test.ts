import t from 'tap';
import { stopSealDesk } from '../../../device/desk/stop-seals.ts';
import { type InForce, nothingInForce } from '../../../device/grant/in-force.ts';
import type { Draft } from '../../../device/journal/journal.ts';
import { hashOf, newId, signDocument, toVerifyKey } from '../../../wire/jws.ts';
import { receiptForm } from '../../../wire/receipt.ts';
import { type StopReceiptClaims, stopReceiptForm, verifyStopSeal } from '../../../wire/stop-receipt.ts';
import { newCast, newDoorId } from '../../support/keys.ts';
import { freshStore } from '../../support/store.ts';
import { issuersOf, specimens } from '../../wire/forms.ts';

const cast = await newCast();
const { hubId, doorId: door, delivery, nowS } = cast;
const plain = specimens(cast).find(({ form }) => form === stopReceiptForm)!.claims as StopReceiptClaims;
const hub = await toVerifyKey(cast.hub.jwk);

function bench(t: Tap) {
  const { journal } = freshStore(t, hubId);
  const record = async (draft: Draft) => journal.append([draft])[0]!;
  let issuers: InForce['issuers'] = issuersOf(cast);
  const desk = stopSealDesk({
    ...{ hubId, key: cast.hub, journal, record, now: () => nowS * 1000 + 1 },
    trust: { inForce: () => ({ ...nothingInForce(hubId), issuers }) },
    hasDoor: (one) => one === door,
  });
  const sign = (change: Partial<StopReceiptClaims> = {}, key = cast.issuer) =>
    signDocument(stopReceiptForm, { ...plain, ...change }, key);
  return {
    ...{ journal, record, desk, sign },
    note: (kind: Draft['kind'], body: object, visit?: string) =>
      record({ at: nowS * 1000, door, kind, body: { ...body }, ...(visit === undefined ? {} : { visit }) }),
    forget: () => {
      issuers = undefined;
    },
    sealed: async (jws: string) => {
      const answer = await desk.seal(jws);
      if (!answer.ok) return answer.code;
      const claims = JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as StopReceiptClaims;
      const read = await verifyStopSeal(answer.value.seal, { jws, claims }, hub);
      return read.ok ? read.value : read.code;
    },
  };
}
type Tap = Parameters<typeof freshStore>[0];

t.test('the hub says what it saw itself, and nothing that it was told', async (t) => {
  const { note, sign, sealed, journal } = bench(t);
  t.match(await sealed(await sign({ handover: { ...plain.handover, presence: 'heard' } })), {
    saw: { visit: undefined, presence: 'nothing' },
  });
  await note('stop.felt', { delivery, attempt: 2 });
  await note('stop.felt', { delivery: newId(), attempt: 1 });
  t.match(await sealed(await sign({ jti: newId() })), { saw: { presence: 'nothing' } }, 'of another stop');
  await note('stop.someone', { stops: `${newId()}/1 ${delivery}/2`, among: 2 });
  t.match(await sealed(await sign({ jti: newId() })), { saw: { presence: 'nothing' } }, 'of other attempts');
  await note('stop.someone', { stops: `${newId()}/1 ${delivery}/1`, among: 2 });
  t.match(await sealed(await sign({ jti: newId() })), { saw: { presence: 'someone' } });
  await note('stop.felt', { delivery, attempt: 1 });
  t.match(await sealed(await sign({ jti: newId() })), { saw: { presence: 'felt' } });
  await note('stop.heard', { delivery, attempt: 1 });
  const last = await sealed(await sign({ jti: newId() }));
  t.match(last, { saw: { presence: 'heard' }, entry: journal.head() }, 'and names the entry that says so');

  const visit = newId();
  const times = { arrivedAt: nowS * 1000, endedAt: nowS * 1000, entry: journal.head() };
  const ended = { iss: hubId, visit, door, delivery, jkt: cast.courier.kid, ...times };
  const receipt = await signDocument(receiptForm, { ...ended, outcome: 'completed', proof: 'secured' }, cast.hub);
  const claimed = { id: visit, receipt: hashOf(receipt), proof: 'secured' as const };
  t.match(await sealed(await sign({ visit: claimed })), { saw: { visit: undefined } }, 'a visit that it never had');
  await note('visit.ended', { outcome: 'completed', proof: 'secured', receipt }, visit);
  t.match(await sealed(await sign({ visit: claimed, jti: newId() })), { saw: { visit: hashOf(receipt) } });
  const other = { ...claimed, receipt: hashOf('another') };
  t.match(await sealed(await sign({ visit: other })), { saw: { visit: undefined } }, 'another receipt of that visit');
});

t.test('the same receipt is written down once', async (t) => {
  const { sign, sealed, journal } = bench(t);
  const jws = await sign();
  const first = await sealed(jws);
  const head = journal.head();
  t.same(await sealed(jws), first);
  t.same(journal.head(), head);
  t.match(journal.recent({ door, kinds: ['stop.sealed'] }, 9), [
    { body: { receipt: hashOf(jws), delivery, attempt: 1, end: 'handed-over' } },
  ]);
});

t.test('what the cloud did not sign, or what is about another home, is not sealed and leaves no trace', async (t) => {
  const { sign, sealed, forget, journal } = bench(t);
  const head = journal.head();
  const other = await newCast();
  t.equal(await sealed(await sign({}, cast.stranger.ed)), 'RECEIPT_NOT_GENUINE');
  t.equal(await sealed('a.b.c'), 'RECEIPT_MALFORMED');
  for (const change of [{ hub: other.hubId }, { hubKey: other.hub.kid }, { door: newDoorId() }]) {
    t.equal(await sealed(await sign(change)), 'RECEIPT_NOT_GENUINE', Object.keys(change).join());
  }
  const jws = await sign();
  forget();
  t.equal(await sealed(jws), 'ISSUER_SET_MISSING');
  t.same(journal.head(), head);
});
