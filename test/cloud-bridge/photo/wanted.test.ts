/** Every reason not to photograph, against every kind of plan: S076, S079, S080, S083. */
import t from 'tap';
import { whyNoPhoto } from '../../../cloud-bridge/photo/wanted.ts';
import type { Plan } from '../../../wire/plan.ts';

const terms = { wishes: undefined, forThisOne: {}, zone: 'Europe/Berlin', photosOffIn: [] };
const drop: Plan = [{ place: 'drop', at: 'Shed' }];

t.test('one that forbids is enough, and what is for ever comes first', async (t) => {
  const on = { photos: true, isConfidential: false };
  t.equal(whyNoPhoto(drop, terms), undefined);
  t.equal(whyNoPhoto(drop, { ...terms, wishes: on, forThisOne: { photos: true } }), undefined);
  t.equal(
    whyNoPhoto(drop, { ...terms, wishes: { ...on, isConfidential: true }, forThisOne: { photos: true } }),
    'confidential',
  );
  t.equal(whyNoPhoto(drop, { ...terms, wishes: { ...on, photos: false }, forThisOne: { photos: true } }), 'off');
  t.equal(whyNoPhoto(drop, { ...terms, wishes: on, forThisOne: { photos: false } }), 'off-here');
});

t.test('S076: only what is put down', async (t) => {
  t.equal(whyNoPhoto([{ place: 'in-person', code: true }, { place: 'tomorrow' }], terms), 'handed-over');
  t.equal(whyNoPhoto([{ place: 'in-person', code: false }], terms), undefined);
  t.equal(
    whyNoPhoto([{ place: 'inside', door: 'door-aaaaaaaaaaaaaaaaaaaa' }], terms),
    'handed-over',
    'the hub proves it',
  );
});

t.test('S083: a home is where its zone is; a zone that is nowhere may be anywhere', async (t) => {
  const off = (zone: string, ...photosOffIn: string[]) => whyNoPhoto(drop, { ...terms, zone, photosOffIn });
  t.equal(off('Europe/Berlin', 'DE'), 'country');
  t.equal(off('Europe/Busingen', 'DE'), 'country');
  t.equal(off('Europe/Berlin', 'FR', 'US'), undefined);
  t.equal(off('America/New_York', 'FR', 'US'), 'country');
  t.equal(off('Asia/Kolkata', 'IN'), 'country', 'by either of its names');
  t.equal(off('Asia/Calcutta', 'IN'), 'country');
  for (const zone of ['UTC', 'Etc/GMT+3']) t.equal(off(zone, 'DE'), 'country');
  t.equal(off('UTC'), undefined);
});
