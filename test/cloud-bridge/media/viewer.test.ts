import t from 'tap';
import type { LiveStream } from '../../../cloud-bridge/media/live-stream.ts';
import { type RelayWord, viewerOn } from '../../../cloud-bridge/media/viewer.ts';

t.test('what the hub did not send is owned up to, so that nobody is taken for a forger', async (t) => {
  const sent: (RelayWord | number)[] = [];
  const outlet = {
    bufferedAmount: 0,
    send: (data: string | Uint8Array) =>
      void sent.push(typeof data === 'string' ? (JSON.parse(data) as RelayWord) : data[0]!),
    terminate: () => undefined,
  };
  const viewer = viewerOn(outlet);
  viewer.begin({ stream: 's', keyMessage: new Uint8Array([0]), group: [] } as unknown as LiveStream);
  const frame = (seq: number) => viewer.take(new Uint8Array([seq]), { type: 'frame', seq, isKey: true });
  for (const seq of [40, 41, 44]) frame(seq);
  viewer.take(new Uint8Array([99]), { type: 'checkpoint', seq: 44, isKey: false });
  frame(45);
  t.same(sent, [{ relay: 'stream', stream: 's' }, 0, 40, 41, { relay: 'skipped', from: 42, to: 43 }, 44, 99, 45]);
});
