import t from 'tap';
import { byteMsAt, lineNowMs, Pace } from '../../../hardware-sim/line/pace.ts';

/** Lets chunks through and notes what came when. Resolves when `count` bytes are through. */
async function through(mode: 'whole' | 'bytewise', byteMs: number, chunks: readonly number[][]) {
  const count = chunks.flat().length;
  const pieces: { bytes: number[]; startMs: number; atMs: number }[] = [];
  const beganMs = lineNowMs();
  await new Promise<void>((resolve) => {
    const pace = new Pace({
      byteMs,
      mode,
      deliver: (bytes, startMs) => {
        pieces.push({ bytes: [...bytes], startMs, atMs: lineNowMs() });
        if (pieces.flatMap((piece) => piece.bytes).length === count) resolve();
      },
    });
    for (const chunk of chunks) pace.push(Uint8Array.from(chunk));
  });
  return { pieces, beganMs, bytes: pieces.flatMap((piece) => piece.bytes) };
}

t.test('a byte takes ten bits', async (t) => {
  t.equal(byteMsAt(9_600), 10_000 / 9_600);
  t.equal(byteMsAt(115_200) * 11_520, 1_000);
});

t.test('bytes come in order, all of them, none before its time', async (t) => {
  const chunks = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [11, 12, 13],
    [14, 15, 16, 17, 18, 19, 20],
  ];
  const { pieces, bytes, beganMs } = await through('bytewise', 1.5, chunks);
  t.strictSame(bytes, chunks.flat());
  let sent = 0;
  for (const piece of pieces) {
    sent += piece.bytes.length;
    t.ok(piece.atMs >= beganMs + sent * 1.5, `${sent} bytes not before their time`);
  }
});

t.test('a whole chunk is not let through before its last byte has come', async (t) => {
  const { pieces, beganMs } = await through('whole', 1, [
    [1, 2, 3, 4, 5, 6, 7, 8],
    [9, 10],
  ]);
  t.strictSame(
    pieces.map((piece) => piece.bytes.length),
    [8, 2],
  );
  t.ok(pieces[0]!.atMs >= beganMs + 8);
  t.ok(pieces[1]!.atMs >= beganMs + 10);
  t.ok(pieces[1]!.startMs >= pieces[0]!.startMs + 8, 'the second begins when the first has ended');
});

t.test('without pace everything goes through inside the call', async (t) => {
  const seen: number[] = [];
  const pace = new Pace({ byteMs: 0, mode: 'bytewise', deliver: (bytes) => seen.push(...bytes) });
  pace.push(Uint8Array.of(1, 2, 3));
  t.strictSame(seen, [1, 2, 3]);
  t.equal(pace.idle, true);
});

t.test('nothing begins before the time it is given, and stop drops what waits', async (t) => {
  const seen: number[] = [];
  const pace = new Pace({ byteMs: 1, mode: 'whole', deliver: (bytes) => seen.push(...bytes) });
  const laterMs = lineNowMs() + 60_000;
  pace.push(Uint8Array.of(1), laterMs);
  t.equal(pace.freeAtMs, laterMs + 1);
  pace.stop();
  t.equal(pace.idle, true);
  t.strictSame(seen, []);
});
