/** What hubs ask: read once, then answered by whoever knows. */
import { Ask, readMessage, writeMessage } from '../../wire/messages.ts';
import type { Parts } from '../parts.ts';
import { answerHello } from './hello.ts';

/** Reads an ask. What is none is logged. */
export function readAsk(parts: Pick<Parts, 'log'>, hubId: string, payload: Buffer): Ask | undefined {
  const read = readMessage('ask', Ask, payload);
  if (read.ok) return read.value;
  parts.log.messageRefused({ hub: hubId, code: read.code });
  return undefined;
}

/** Answers one ask of a hub. */
export async function answerAsk(parts: Parts, hubId: string, { id, body }: Ask): Promise<void> {
  switch (body.op) {
    case 'hello':
      return answerHello(parts, hubId, id, body);
    case 'media.have': {
      const streams = await parts.recordings.have(hubId, body.streams);
      return answer(parts, hubId, id, { streams });
    }
    case 'media.forget': {
      const forgotten = await parts.recordings.forget(hubId, body.streams);
      return answer(parts, hubId, id, { forgotten });
    }
  }
}

function answer(parts: Pick<Parts, 'bus'>, hubId: string, id: string, body: object): void {
  parts.bus.publish(hubId, 'answer', writeMessage({ v: 1, id, ok: true, body }));
}
