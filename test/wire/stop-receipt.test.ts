import t from 'tap';
import * as v from 'valibot';
import { hashOf, signDocument } from '../../wire/jws.ts';
import {
  StopReceiptClaims,
  type StopSealClaims,
  stopReceiptForm,
  stopSealForm,
  verifyStopReceipt,
  verifyStopSeal,
} from '../../wire/stop-receipt.ts';
import { newCast, newHubId } from '../support/keys.ts';
import { issuersOf, specimens } from './forms.ts';

const cast = await newCast();
const issuers = issuersOf(cast);
const claims = specimens(cast).find(({ form }) => form === stopReceiptForm)!.claims as StopReceiptClaims;
const fits = (change: object): boolean => v.is(StopReceiptClaims, { ...claims, ...change });

t.test('T30: no receipt can say that the contents were right', async (t) => {
  t.ok(fits({}));
  for (const contents of ['right', 'checked', 'complete', true, undefined]) {
    t.notOk(fits({ contents }), `contents: ${contents}`);
  }
  t.notOk(fits({ contentsProven: true }));
  t.notOk(fits({ notProven: [] }), 'and something is always left unproven');
});

t.test('S004: a receipt names no person, and S009: receiver and hand-over are two facts', async (t) => {
  t.notOk(fits({ receiver: { ...claims.receiver, name: 'Mueller' } }));
  t.notOk(fits({ receiver: { ...claims.receiver, proven: 'Mueller' } }));
  t.notOk(fits({ recipient: 'Mueller' }));
  const { receiver, handover, ...rest } = claims;
  t.notOk(v.is(StopReceiptClaims, { ...rest, receiver }), 'none without the hand-over');
  t.notOk(v.is(StopReceiptClaims, { ...rest, handover }), 'none without the receiver');
});

t.test('a receipt counts by a key of its own time and issuer only', async (t) => {
  const sign = (change: object) => signDocument(stopReceiptForm, { ...claims, ...change }, cast.issuer);
  t.match(await verifyStopReceipt(await sign({}), issuers), { ok: true });
  const refused = { ok: false, code: 'RECEIPT_NOT_GENUINE' };
  t.match(await verifyStopReceipt(await sign({ iss: 'another' }), issuers), refused);
  const [own] = issuers.keys;
  t.match(await verifyStopReceipt(await sign({ iat: own!.exp }), issuers), refused, 'made after its key was retired');
  t.match(await verifyStopReceipt(await sign({ iat: own!.nbf - 1 }), issuers), refused, 'made before its key');
});

t.test('a seal is for one receipt of one hub', async (t) => {
  const jws = await signDocument(stopReceiptForm, claims, cast.issuer);
  const other = await signDocument(stopReceiptForm, { ...claims, attempt: 2 }, cast.issuer);
  const seal: StopSealClaims = {
    ...{ iss: cast.hubId, receipt: hashOf(jws), iat: cast.nowS },
    ...{ saw: { presence: 'nothing' }, entry: { seq: 1, hash: hashOf('1') } },
  };
  const sign = (change: object, key = cast.hub) => signDocument(stopSealForm, { ...seal, ...change }, key);
  t.match(await verifyStopSeal(await sign({}), { jws, claims }, cast.hub), { ok: true });
  const refused = { ok: false, code: 'RECEIPT_NOT_GENUINE' };
  t.match(await verifyStopSeal(await sign({}), { jws: other, claims }, cast.hub), refused, 'of another receipt');
  t.match(await verifyStopSeal(await sign({ iss: newHubId() }), { jws, claims }, cast.hub), refused, 'of another hub');
  const { ed } = cast.stranger;
  t.match(await verifyStopSeal(await sign({}, ed), { jws, claims }, cast.hub), refused, 'with another key');
  t.match(
    await verifyStopSeal(await sign({}, ed), { jws, claims }, ed),
    refused,
    'and the key is the one that the receipt names',
  );
});
