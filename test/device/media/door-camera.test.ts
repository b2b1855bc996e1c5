/** What the camera of a door tells the visit of its picture: R5. */
import t, { type Test } from 'tap';
import { Audience } from '../../../device/camera/audience.ts';
import type { Camera, Picture, Raw } from '../../../device/camera/camera.ts';
import { DoorCamera } from '../../../device/media/door-camera.ts';
import { toProfile } from '../../../device/visit/profile.ts';
import { type Event, initial, type State, step } from '../../../device/visit/step.ts';
import { newId } from '../../../wire/jws.ts';
import { type Ack, readMedia } from '../../../wire/media.ts';
import { WoundClock } from '../../support/clock.ts';
import { door, hubId, picture, sha, start, startMs } from './made.ts';

const frameMs = 66;
const mine = newId();
const profile = toProfile({ kind: 'latch', seesBolt: true, seesDoor: true });

/** The visit machine of a door that is proven, with a visitor whose rule asks for the owner's eyes. */
class WatchedVisit {
  state: State = initial;

  constructor() {
    this.on({ on: 'restarted', alarms: [] });
    for (const seq of [1, 2]) {
      this.on({ on: 'reported', bolt: 'locked', contact: 'closed', seq });
      this.on({ on: 'timer.fired', timer: this.state.timer });
    }
    this.on({ on: 'reported', bolt: 'locked', contact: 'closed', seq: 3 });
    this.on({
      on: 'visit.arrived',
      visit: { id: mine, grant: 'grant', rule: 'rule', jkt: 'jkt', camera: 'watched' },
    });
  }

  on(event: Event): void {
    this.state = step(this.state, event, profile).next;
  }
}

/** A camera whose pictures come as the test says, a relay that acknowledges them while it is there, and a visit that is told. */
async function stage(t: Test) {
  const clock = new WoundClock(startMs);
  const [pictures, raws] = [new Audience<Picture>(), new Audience<Raw>()];
  const visit = new WatchedVisit();
  const told: string[] = [];
  const scene = { acknowledges: true };
  const camera: Camera = {
    capabilities: { live: true, seesRepeats: true, codec: 'jpeg' },
    start: () => undefined,
    stop: async () => undefined,
    onPicture: (listener) => pictures.join(listener),
    onRaw: (listener) => raws.join(listener),
    onTrouble: () => () => undefined,
    snapshot: async () => picture(),
    health: () => ({ at: 'running', framesPerSecond: 15, restarts: 0 }),
  };
  const acks: Ack[] = [];
  let seq = 0;
  const films = new DoorCamera({
    door,
    camera,
    clock,
    link: {
      send: (message) => {
        const read = readMedia(message);
        if (!read.ok || read.value.type !== 'frame') return true;
        seq = read.value.seq;
        if (scene.acknowledges) acks.push({ kind: 'seen', stream: read.value.stream, seqs: [seq] });
        return true;
      },
    },
    openStream: (of) => start(undefined, { visit: of! }, { now: () => clock.now() }),
    onLive: (of, watched) => {
      told.push(watched ? 'watched' : 'live');
      visit.on({ on: 'camera.live', visit: of, watched });
    },
    onLost: (of) => {
      told.push('lost');
      visit.on({ on: 'camera.lost', visit: of });
    },
    onStarted: () => undefined,
    onEnded: () => undefined,
    onBusy: () => undefined,
    log: { camera: () => undefined, unexpected: ({ where }) => t.fail(`unexpected: ${where}`) },
  });
  let last = picture();
  const run = (forMs: number): void => {
    for (let ms = 0; ms < forMs; ms += frameMs) {
      clock.pass(frameMs);
      last = picture();
      const atMs = clock.monotonic();
      raws.tell({ atMs, hash: sha(last).toString('hex').slice(0, 32) });
      pictures.tell({ codec: 'jpeg', key: true, atMs, data: last });
      for (const ack of acks.splice(0)) films.acknowledged(ack);
    }
    clock.pass(100);
  };
  /** The owner's device signs for the newest picture. */
  const see = () => {
    const claims = { aud: hubId, jti: newId(), iat: Math.floor(clock.now() / 1000), stream: films.stream!.id };
    return films.sighted({ ...claims, seq, picture: sha(last).toString('base64url') });
  };
  films.film(mine);
  while (films.stream === undefined) await new Promise(setImmediate);
  return { films, visit, told, scene, run, see };
}

t.test(
  'a picture that falters while nobody watches yet keeps no visit from being watched when it is back',
  async (t) => {
    const { visit, told, scene, run, see } = await stage(t);
    run(1_000);
    t.same(told, ['live']);
    scene.acknowledges = false;
    run(2_000);
    t.same(told, ['live', 'lost']);
    t.equal(visit.state.at, 'preparing');
    scene.acknowledges = true;
    run(1_000);
    t.match(see(), { ok: true });
    run(200);
    t.same(told, ['live', 'lost', 'live', 'watched']);
    t.equal(visit.state.at, 'ready');
  },
);

t.test('a visit that was ready is over when the picture is lost, and does not come back with it (R5)', async (t) => {
  const { films, visit, scene, run, see } = await stage(t);
  run(1_000);
  see();
  run(200);
  t.equal(visit.state.at, 'ready');
  t.ok(films.mayOpen(mine, true));
  scene.acknowledges = false;
  run(2_000);
  t.equal(visit.state.at, 'idle');
  t.notOk(films.mayOpen(mine, true));
  scene.acknowledges = true;
  run(1_000);
  see();
  run(200);
  t.equal(visit.state.at, 'idle');
});
