import t from 'tap';
import { fuzzOsdp } from './osdp/fuzz.ts';
import { judge } from './report.ts';

const count = 4000;

t.test('changed frames, with the key and without it, run no output and make no door look locked', async (t) => {
  const report = await fuzzOsdp({ seed: 20_261_121, count });
  t.same(judge(report, count), []);
  t.equal(report.outputs, 0);
  const often = ['OSDP_FRAME_BAD', 'OSDP_NOT_SECURE', 'OSDP_KEY_WRONG', 'OSDP_NONCE_REPEATED', 'LOCK_REFUSED'];
  for (const code of often) t.ok((report.refused[code] ?? 0) > 0, `${code}: ${report.refused[code] ?? 0}`);
});
