import t from 'tap';
import { type Judgement, Watch, watchPolicy } from '../../../device/media/watch.ts';

const frameMs = 66;

/** A camera, a relay and an owner's device as they should be, until told otherwise. */
class Scene {
  readonly watch = new Watch();
  nowMs = 10_000;
  seq = 0;
  acknowledges = true;
  sees = false;
  ackAfterMs = 20;
  films = true;

  constructor() {
    this.watch.told('fresh');
  }

  run(forMs: number): Judgement {
    for (const end = this.nowMs + forMs; this.nowMs < end; this.nowMs += frameMs) {
      if (!this.films) continue;
      this.seq += 1;
      const picture = `picture ${this.seq}`;
      this.watch.sealed(this.seq, picture, this.nowMs);
      if (this.acknowledges) this.watch.acknowledged(this.seq, this.nowMs + this.ackAfterMs);
      if (this.sees && this.seq % 15 === 0) this.watch.sighted(this.seq, picture, this.nowMs + 100);
    }
    return this.watch.judge(this.nowMs);
  }
}

t.test('pictures that come, differ and are acknowledged are live', async (t) => {
  const scene = new Scene();
  t.match(scene.watch.judge(scene.nowMs), { mayOpen: false, live: false, why: 'no picture' });
  t.match(scene.run(2 * frameMs), { live: false, why: 'not acknowledged' }, 'two are not enough');
  t.strictSame(scene.run(2 * frameMs), { mayOpen: true, live: true, watched: false });
});

t.test('pictures that nobody acknowledges are not live, however many come (R5)', async (t) => {
  const scene = new Scene();
  scene.acknowledges = false;
  t.match(scene.run(10_000), { mayOpen: false, live: false, why: 'not acknowledged' });
  t.ok(scene.watch.late(scene.nowMs) > 100, 'and all that is not fresh any more will be late');
});

t.test('an acknowledgement of a frame that was never sent, or long ago, makes nothing live', async (t) => {
  const scene = new Scene();
  scene.acknowledges = false;
  scene.run(5_000);
  for (let seq = 1; seq <= 200; seq += 1) scene.watch.acknowledged(seq + 1_000, scene.nowMs);
  t.match(scene.watch.judge(scene.nowMs), { live: false });
  for (let seq = 1; seq < scene.seq - 20; seq += 1) scene.watch.acknowledged(seq, scene.nowMs);
  t.match(scene.watch.judge(scene.nowMs), { live: false });
});

t.test('one frame acknowledged again and again counts once', async (t) => {
  const scene = new Scene();
  scene.acknowledges = false;
  scene.run(2 * frameMs);
  for (let times = 0; times < 20; times += 1) scene.watch.acknowledged(1, scene.nowMs);
  t.match(scene.watch.judge(scene.nowMs), { live: false, why: 'not acknowledged' });
});

t.test('a relay that falls silent: no knock after 700 ms, no live picture after 1500 ms (T01, T04)', async (t) => {
  const scene = new Scene();
  scene.run(5_000);
  scene.acknowledges = false;
  const lastHeard = scene.nowMs - frameMs + scene.ackAfterMs;
  const at = (ms: number): Judgement => scene.watch.judge(lastHeard + ms);
  scene.run(1_000);
  t.match(at(watchPolicy.silenceMs), { mayOpen: true, live: true });
  t.match(at(watchPolicy.silenceMs + 1), { mayOpen: false, live: true });
  t.match(at(watchPolicy.lostMs + 1), { mayOpen: false, live: false, why: 'not acknowledged' });
});

t.test('a camera that stops sending is lost as well', async (t) => {
  const scene = new Scene();
  scene.run(5_000);
  scene.films = false;
  t.match(scene.run(watchPolicy.lostMs + 2 * frameMs), { live: false });
});

t.test('acknowledgements that always come late make nothing live', async (t) => {
  const scene = new Scene();
  scene.ackAfterMs = watchPolicy.freshMs + 1;
  t.match(scene.run(10_000), { live: false, why: 'not acknowledged' });
  t.ok(scene.watch.late(scene.nowMs) > 100);
});

t.test('a frozen or a looped picture is not live, nor one of which that cannot be told (T01, T02)', async (t) => {
  for (const said of ['frozen', 'looped'] as const) {
    const scene = new Scene();
    scene.run(3_000);
    scene.watch.told(said);
    t.match(scene.run(frameMs), { mayOpen: false, live: false, why: said });
  }
  const scene = new Scene();
  scene.watch.told('unknown');
  t.match(scene.run(3_000), { mayOpen: false, live: false, why: 'not told apart yet' });
});

t.test('watched is a signature over a picture of the last seconds', async (t) => {
  const scene = new Scene();
  scene.run(1_000);
  t.match(scene.watch.judge(scene.nowMs), { watched: false });
  const { seq, watch } = scene;
  t.notOk(watch.sighted(seq, 'another picture', scene.nowMs), 'only who opened the picture knows its hash');
  t.notOk(watch.sighted(seq + 1, `picture ${seq + 1}`, scene.nowMs), 'a picture to come');
  t.match(watch.judge(scene.nowMs), { watched: false });
  t.ok(watch.sighted(seq, `picture ${seq}`, scene.nowMs));
  t.match(watch.judge(scene.nowMs), { watched: true });
  t.match(watch.judge(scene.nowMs + watchPolicy.unwatchedMs + frameMs), { watched: false }, 'until they look away');
});

t.test('the same sight again keeps nobody watching', async (t) => {
  const scene = new Scene();
  scene.run(1_000);
  const { seq } = scene;
  scene.watch.sighted(seq, `picture ${seq}`, scene.nowMs);
  const first = scene.nowMs;
  scene.run(2_000);
  scene.watch.sighted(seq, `picture ${seq}`, scene.nowMs);
  t.match(scene.watch.judge(first + watchPolicy.unwatchedMs + 1), { watched: false });
});

t.test('what it remembers is bounded', async (t) => {
  const scene = new Scene();
  scene.sees = true;
  scene.run(3_600_000);
  t.equal(scene.watch.late(scene.nowMs), 0);
  t.notOk(scene.watch.sighted(1, 'picture 1', scene.nowMs));
});
