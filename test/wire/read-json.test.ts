import t from 'tap';
import * as v from 'valibot';
import { readJson } from '../../wire/read-json.ts';

const Shape = v.strictObject({ a: v.strictObject({ b: v.number() }) });

t.test('what fits is read; what does not is refused by the code that was asked for, and says where', async (t) => {
  t.strictSame(readJson(Shape, '{"a":{"b":1}}', 'MESSAGE_MALFORMED'), { ok: true, value: { a: { b: 1 } } });
  for (const [text, why] of [
    ['{"a":', 'no JSON'],
    ['7', 'shape'],
    ['{"a":{"b":"1"}}', 'a.b'],
    [`{"a":{"b":1},"${'x'.repeat(100)}":1}`, 'x'.repeat(64)],
  ] as const) {
    t.match(readJson(Shape, text, 'EVIDENCE_MALFORMED'), { ok: false, code: 'EVIDENCE_MALFORMED', detail: { why } });
  }
});
