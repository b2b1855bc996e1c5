/** A courier at the simulated bell and keypad of a real hub: felt and heard, over a restart of the hub, and nothing opens (S027, S061, R1, T29). */
import t from 'tap';
import * as v from 'valibot';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { newId, signDocument } from '../../wire/jws.ts';
import { type StopActClaims, StopView, stopActForm } from '../../wire/stop.ts';
import { newSignKey } from '../cloud-bridge/support/keys.ts';
import { openRig } from '../support/rig.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t, { doors: [{ name: 'front', keypad: true, bell: true }] });
const { owner, carrier } = rig;
const { http } = owner;

t.test(
  'the hub listens once the courier is there, feels the bell, is restarted, hears the number, and the cloud knows',
  async (t) => {
    const ahead = Math.round((5 - new Date(rig.time.now()).getUTCHours() + 36) % 24) - 12;
    const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
    const order = ['in-person', 'tomorrow'];
    const body = { version: 1, wishes: { order, codeFrom: { amount: 0, currency: 'EUR' }, waitSeconds: 0, zone } };
    const home = `/v1/homes/${owner.pinned.home}`;
    mustHave(await http.call({ method: 'PUT', path: `${home}/wishes`, body, proof: owner.keys.sign }, v.unknown()));
    const nowS = Math.floor(rig.time.now() / 1000);
    const announced = { door: rig.door().id, from: nowS - 60, until: nowS + 7_200, parcels: 1, reference: 'r-1' };
    const { delivery } = mustHave(await carrier.dispatch.announce({ ...announced, can: order } as never));
    const { token } = mustHave(await carrier.dispatch.taskLink(delivery));
    const key = await newSignKey('ES256');
    const path = `/v1/tasks/${token}`;
    mustHave(await http.call({ method: 'POST', path: `${path}/claim`, body: {}, proof: key }, v.unknown()));
    const look = async () => mustHave(await http.call({ method: 'GET', path: `${path}/stop`, proof: key }, StopView));
    // Time is not wound meanwhile: a line that is slow to answer would seem gone then, and what was pressed there with it.
    const seen = (what: string, is: (view: StopView) => boolean): Promise<StopView> =>
      until(what, async () => {
        const view = await look();
        return is(view) ? view : undefined;
      });
    const { nonce } = await look();
    const claims = { delivery, attempt: 1, jti: newId(), nonce, iat: Math.floor(rig.time.now() / 1000), act: 'arrive' };
    const act = await signDocument(stopActForm, claims as StopActClaims, key);
    mustHave(await http.call({ method: 'POST', path: `${path}/stop/acts`, body: { act }, proof: key }, StopView));

    const { doorNumber, isSure } = await seen('the number is shown', (view) => view.doorNumber !== undefined);
    t.match(doorNumber, /^\d{4}$/);
    t.notOk(isSure);
    const bell = rig.sim.bell('front');
    await seen('the bell is felt', ({ presence }) => {
      if (!bell.isPressed) bell.press();
      return presence === 'felt';
    });
    await rig.machine.stop();
    await rig.machine.start();
    await rig.untilCalm();
    rig.sim.reader('front').press(doorNumber!);
    t.ok((await seen('the number is heard', ({ presence }) => presence === 'heard')).isSure);
    t.equal(rig.pulses(), 0);
    t.equal(rig.at(), 'idle');
    t.notMatch(rig.hubJournal().join('\n'), `"${doorNumber}"`);
  },
);
