/**
 * `codes.check`: hand-over codes that one cloud process compares, each in a transaction of its own - right ones, which
 * only look, and wrong ones, which are counted and told durably -, against a bare HMAC and a bare durable insert.
 */
import { createHmac } from 'node:crypto';
import { accountHolderId } from '../../cloud-bridge/code/receivers.ts';
import { openCodeStage, wrongOf } from '../cloud-bridge/code/stage.ts';
import { bareInserts, onStage } from './cloud-stage.ts';
import { type BenchResult, median } from './result.ts';

const rounds = 5;
const checksARound = 200;

export const run = (): Promise<BenchResult[]> =>
  onStage('codes', async (folder, ends) => {
    const stage = await openCodeStage(ends);
    const rates = { right: [] as number[], wrong: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= rounds; round += 1) {
      const stops: { id: string; code: string }[] = [];
      for (let n = 0; n < checksARound; n += 1) {
        const id = `stop-${round}-${n}`;
        // One home and one phone each: both are heard only so often when they are wrong.
        await stage.delivery(id, { home: `home-${id}` });
        const named = accountHolderId(`home-${id}`);
        await stage.here(id, { jkt: `phone-${id}`, named });
        stops.push({ id, code: await stage.codeOf(id, named) });
      }
      const rate = async (digits: (code: string) => string, wanted: string): Promise<number> => {
        const start = performance.now();
        for (const { id, code } of stops) {
          const said = await stage.type(id, digits(code), { jkt: `phone-${id}` });
          if (said !== wanted) throw new RangeError(said);
        }
        return (checksARound * 1000) / (performance.now() - start);
      };
      const wrong = await rate(wrongOf, 'CODE_WRONG');
      const right = await rate((code) => code, 'right');
      const start = performance.now();
      for (let n = 0; n < checksARound; n += 1) createHmac('sha256', stage.key).update(`stop-${n}`).digest();
      const hmacS = (performance.now() - start) / 1000 / checksARound;
      const bare = 1 / (hmacS + 1 / bareInserts(folder, { rows: checksARound, group: 1, bytes: 120 }));
      if (round === 0) continue;
      rates.wrong.push(wrong);
      rates.right.push(right);
      rates.bare.push(bare);
    }
    const baseline = median(rates.bare);
    return (['right', 'wrong'] as const).map((which) => {
      const value = median(rates[which]);
      const name = which === 'right' ? 'codes.check' : 'codes.check.wrong';
      return { name, value, unit: 'checks/s', baseline, ratio: value / baseline, bar: null, holds: null };
    });
  });
