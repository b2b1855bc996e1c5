import * as v from 'valibot';
import type { App, HttpParts } from '../parts.ts';

const Health = v.strictObject({
  ok: v.boolean(),
  broker: v.boolean(),
  recordings: v.pipe(v.boolean(), v.description('false: the disk refuses, or is nearly full. Live pictures go on.')),
});

/** GET /health: does this instance answer, and does it reach the broker, does its disk take recordings? */
export function health(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Is this instance there, and does it reach the broker, does its disk take recordings?',
    response: { 200: Health },
  };
  app.get('/health', { schema }, async () => ({
    ok: true,
    broker: parts.bus.online,
    recordings: parts.recordings.healthy,
  }));
}
