import t from 'tap';
import { openLog } from '../../device/log.ts';

t.test('one event is one line of JSON with its level, its time and its fields', async (t) => {
  const lines: string[] = [];
  openLog('info', (line) => void lines.push(line)).lockTrouble({
    door: 'front',
    code: 'LOCK_SILENT',
    visit: undefined,
  });
  t.equal(lines.length, 1);
  t.ok(lines[0]?.endsWith('\n'));
  const { time, ...rest } = JSON.parse(lines[0]!);
  t.strictSame(rest, { level: 40, door: 'front', code: 'LOCK_SILENT', msg: 'lockTrouble' });
  t.equal(new Date(time).toISOString(), time);
});

t.test('what is below the level is not written, and silent writes nothing', async (t) => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line).msg);
  openLog('error', write).hubStarted({});
  openLog('error', write).unexpected({});
  openLog('silent', write).unexpected({});
  t.strictSame(lines, ['unexpected']);
});
