import t from 'tap';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { grantForm } from '../../../wire/grant.ts';
import { peek } from '../../../wire/jws.ts';
import { clockSkewSeconds } from '../../../wire/rule-book.ts';
import { openRig } from '../../support/rig.ts';
import { befriend, wishOf } from '../../support/rig-guests.ts';
import { until } from '../../support/until.ts';
import { Villain } from './villain.ts';

const leaseS = 6 * 3_600;

t.test(
  'T06, T38, T39: a revocation that the cloud hides is certain at the end of the lease, and is pending until then',
  async (t) => {
    const rig = await openRig(t);
    const { id, guest, rules } = await befriend(t, rig, [wishOf(rig)], leaseS);
    const signedS = Math.floor(rig.time.now() / 1000);
    mustHave(await guest.ask(rules[0]!));
    const { grant } = mustHave(await guest.takeGrant());
    const read = peek(grantForm, grant);
    if (!read.ok) throw read;
    const { claims } = read.value;
    t.ok(claims.exp - claims.nbf <= 86_400, 'T38: a day at most, though the rule is for a year');

    // the cloud is cut off: from here on it carries nothing of the owner's to the hub
    rig.hole.swallow();
    await rig.until('the cloud knows that the hub is away', async () => !mustHave(await rig.owner.look()).online);
    const revoked = mustHave(await rig.owner.guests.revoke(id));
    t.match(revoked, { pending: true });
    const by = revoked.certainBy!;
    t.ok(
      by > signedS && Math.abs(by - (signedS + leaseS + clockSkewSeconds)) <= 5,
      'the end of the lease is said at once',
    );
    const ending = { confirmed: false, certainBy: by };
    t.match(await rig.owner.guests.show(id), { value: { state: 'ended', ending } }, 'T39: pending until then');
    t.match(await guest.ask(rules[0]!), { ok: false, code: 'GUEST_REVOKED' }, 'an honest cloud makes no grant more');

    // a hostile one takes its place, and hides the revocation
    await rig.stopCloud();
    rig.hole.mend();
    const villain = await Villain.open(t, rig);
    await until(
      'the hub is on the broker again',
      async () => (await villain.codeOf({ op: 'hub.status' })) === 'accepted',
    );
    const long = await villain.grant(claims, { exp: claims.nbf + 90_000 });
    t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { grant: long } }), 'GRANT_TOO_LONG', 'T38: 25 h');
    t.equal(
      await villain.codeOf({ op: 'visit.prepare', bundle: { grant } }),
      'accepted',
      'what was said: it may, until then',
    );
    rig.time.wind((by - clockSkewSeconds) * 1000 - rig.time.now());
    const late = await villain.codeOf({ op: 'visit.prepare', bundle: { grant } });
    t.equal(late, 'RULE_BOOK_LEASE_OVER');
    const fresh = await villain.grant({ ...claims, iat: by, nbf: by - 60, exp: by + 3_600 });
    t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { grant: fresh } }), 'RULE_BOOK_LEASE_OVER');
    t.equal(rig.pulses(), 0);

    await rig.startCloud();
    await rig.until(
      'the hub says that it knows',
      async () => mustHave(await rig.owner.guests.show(id)).ending?.confirmed,
    );
  },
);
