import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { addressLimits, courierLimits, triesOfDelivery, triesOfStop } from '../../../cloud-bridge/code/limits.ts';
import { typescript } from '../../support/node.ts';
import type { Guessed } from './guess.ts';

/** Of so many stops fewer than one may be opened by guessing. */
const promise = 1 / 100_000;
const digits = 6;

t.test('computed: fewer than one stop of 100,000, and fewer than one delivery over all its attempts', async (t) => {
  const ofGuess = 10 ** -digits;
  // The union bound: it holds for whatever guesses, of whichever holders, since each is compared with one code.
  t.ok(triesOfStop * ofGuess < promise, `one stop: ${triesOfStop * ofGuess}`);
  t.ok(triesOfDelivery * ofGuess < promise, `one delivery: ${triesOfDelivery * ofGuess}`);
  // With the codes of 24 holders compared at once it would not hold.
  t.ok(triesOfStop * 24 * ofGuess > promise);
  const ofYear = (limits: typeof courierLimits) => limits.find(({ withinMs }) => withinMs === 365 * 86_400_000)!.most;
  t.ok(ofYear(courierLimits) * ofGuess < 0.000_5, 'a courier opens any stop at all in a year');
  t.ok(ofYear(addressLimits) * ofGuess < 0.000_1, 'anybody opens one at an address in a year');
});

t.test('simulated: a year of guessing at every stop within all limits, with 24 holders each', async (t) => {
  const stops = process.env.DOORWARD_LONG === '1' ? 5_000_000 : 200_000;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [typescript, join(import.meta.dirname, 'guess.ts'), String(stops)]);
  const { year, rates } = JSON.parse(stdout) as Guessed;
  t.ok(year.stops > 1_400, `${year.stops} stops`);
  t.equal(year.mostOfStop, triesOfStop, 'at no stop more than three, whatever holder is named');
  for (const { most, withinMs } of courierLimits) {
    if (withinMs === 86_400_000) t.ok(year.mostOfDay <= most, `${year.mostOfDay} in a day`);
    if (withinMs === 365 * 86_400_000)
      t.ok(year.guesses <= most, `${year.guesses} in the year, with a phone for each week`);
  }
  t.ok(year.guesses / year.stops / 10 ** digits < promise, 'expected of each stop');
  t.equal(year.opened, 0);
  t.ok(year.refused.CODE_LIMITED! > 1_000, JSON.stringify(year.refused));

  // How the openings are counted is shown with codes short enough to be met: 90 are expected of 30,000, and five deviations are 47.
  const [short, real] = rates;
  t.ok(Math.abs(short!.opened - 90) < 48, `${short!.opened} of ${short!.stops} with three digits`);
  t.ok(real!.opened / real!.stops < promise, `${real!.opened} of ${real!.stops} with six`);
});
