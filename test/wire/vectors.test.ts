import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { calculateJwkThumbprint, type JWK } from 'jose';
import t from 'tap';
import { verifyApproval } from '../../wire/approval.ts';
import { verifyAssignment } from '../../wire/assignment.ts';
import type { Verdict } from '../../wire/faults.ts';
import { verifyGrant } from '../../wire/grant.ts';
import { verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import { verifyJournalHead } from '../../wire/journal.ts';
import { hashOf, thumbprintOf, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { matchKnock, verifyKnock } from '../../wire/knock.ts';
import { verifyClearance, verifyClockReset, verifyOwnerChange, verifyOwnerList } from '../../wire/owner.ts';
import { verifyReceipt } from '../../wire/receipt.ts';
import { verifyRevocation } from '../../wire/revocation.ts';
import { verifyRuleBook } from '../../wire/rule-book.ts';
import type { SignJwk } from '../../wire/shapes.ts';
import { verifyTime, verifyWitness } from '../../wire/witness.ts';

const folder = resolve(import.meta.dirname, '../vectors/wire');
const read = (name: string) => JSON.parse(readFileSync(resolve(folder, name), 'utf8'));

interface Vectors {
  readonly nowS: number;
  readonly aud: string;
  readonly door: string;
  readonly grantHash: string;
  readonly keys: Readonly<Record<string, { jwk: SignJwk; kid: string }>>;
  readonly documents: Readonly<Record<string, string>>;
}

/** What a verdict that must be good carries. */
function good<T>(verdict: Verdict<T>): T {
  if (!verdict.ok) t.fail(verdict.code);
  return (verdict as { value: T }).value;
}

t.test('thumbprints are those of the RFCs', async (t) => {
  for (const { source, jwk, thumbprint } of read('thumbprints.json')) t.equal(thumbprintOf(jwk), thumbprint, source);
});

t.test('a thumbprint takes the required members only (RFC 7638 section 3.2)', async (t) => {
  const [{ jwk, thumbprint }] = read('thumbprints.json');
  t.equal(thumbprintOf({ ...jwk, kid: 'x', use: 'sig' } as SignJwk), thumbprint);
  t.equal(await calculateJwkThumbprint(jwk as JWK), thumbprint);
});

t.test('documents of a second implementation are genuine', async (t) => {
  const { nowS, aud: hubId, door, grantHash, keys, documents } = read('documents.json') as Vectors;
  const key = async (name: string): Promise<VerifyKey> => {
    const imported = await toVerifyKey(keys[name]!.jwk);
    t.equal(imported.kid, keys[name]!.kid, `${name}: thumbprint`);
    return imported;
  };
  const of = (name: string): string => documents[name]!;
  const [hub, owner, carrier] = [await key('hub'), await key('owner'), await key('carrier')];
  const jkt = keys.courier!.kid;

  const roots = good(await verifyFirstRootSet(of('rootSet'), nowS));
  t.same([roots.threshold, roots.keys.length], [2, 3]);
  const issuers = good(await verifyIssuerSet(of('issuerSet'), roots, 0, nowS));
  t.equal(issuers.keys[0]?.key.kid, keys.issuer!.kid);

  const list = good(await verifyOwnerList(of('ownerList'), hub));
  t.equal(thumbprintOf(list.devices[0]!.sign), owner.kid);
  const book = good(await verifyRuleBook(of('ruleBook'), [owner], { hubId, above: 0, inForce: [], nowS }));
  t.match(book.rules, [{ id: 'rule-1', door, consent: 'ask' }]);

  const grant = good(await verifyGrant(of('grant'), issuers, nowS));
  t.match(grant, { rule: 'rule-1', door, cnf: { jkt } });
  t.equal(hashOf(of('grant')), grantHash);
  const delivery = grant.delivery;
  const assigned = { party: 'hermes', hubId, door, delivery, jkt, nowS };
  t.equal(good(await verifyAssignment(of('assignment'), carrier, assigned)).delivery, delivery);
  t.equal(good(await verifyApproval(of('approval'), [owner], { hubId, door, grantHash, nowS })).grant, grantHash);

  const knock = good(await verifyKnock(of('knock'), jkt));
  t.equal(knock.act, 'unlock');
  t.ok(matchKnock(knock, { hubId, visit: knock.visit, grantHash }).ok);

  const stop = good(await verifyRevocation(of('revocation'), { owners: [owner], issuers }, { hubId, epoch: 0 }));
  t.match(stop, { by: 'owner', claims: { ends: { kind: 'visit', id: knock.visit } } });
  t.equal(good(await verifyOwnerChange(of('ownerChange'), [owner], { hubId, version: 1 })).version, 2);
  t.equal(good(await verifyClearance(of('clearance'), [owner], { hubId })).alarm, 12);
  const nonce = '11'.padStart(22, 'i');
  t.equal(good(await verifyClockReset(of('clockReset'), [owner], { hubId, nonce })).mark, nowS);
  const asked = { hubId, nonce: '12'.padStart(22, 'i') };
  t.equal(good(await verifyTime(of('time'), issuers, asked)).now, nowS * 1000);
  t.equal(good(await verifyWitness(of('witness'), issuers, { hubId })).seq, 5);
  t.match(good(await verifyReceipt(of('receipt'), hub)), { outcome: 'completed', proof: 'secured' });
  t.equal(good(await verifyJournalHead(of('journalHead'), hub, hubId)).seq, 9);
});
