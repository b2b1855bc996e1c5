/** Expects couriers one after the other, and says which it accepted, until it is killed. Arguments: journal file, hub, door. */
import { writeSync } from 'node:fs';
import { stopListening } from '../../../device/desk/stop-listening.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { newId } from '../../../wire/jws.ts';
import { WoundClock } from '../../support/clock.ts';

const [, , path = '', hubId = '', door = ''] = process.argv;
const store = openHubStore(path, hubId);
const clock = new WoundClock(1_790_000_000_000);
const keypad = { onKeys: () => () => undefined };
const doors = new Map([[door, { installed: { keypad } }]]);
const desk = stopListening({ doors, clock, store: store.trust, note: () => undefined });
for (let n = 1; ; n = (n % 9_999) + 1) {
  const number = String(n).padStart(4, '0');
  const delivery = newId();
  const said = await desk.expect({ delivery, attempt: 1, door, number, until: clock.now() + 600_000 });
  if (said.ok) writeSync(1, `${delivery} ${number}\n`);
}
