/** What the cloud may ask of this hub, and which desk answers it. */
import { refuse, type Verdict } from '../wire/faults.ts';
import type { Handlers } from './bus/requests.ts';
import type { TrustedClock } from './clock/trust.ts';
import type { LockOrderDesk } from './desk/lock-orders.ts';
import type { StopListening } from './desk/stop-listening.ts';
import type { StopSealDesk } from './desk/stop-seals.ts';
import type { VisitDesk } from './desk/visits.ts';
import type { DoorstepDesk } from './doorstep/desk.ts';
import type { HandoverDesk } from './enrol/handover.ts';
import type { Trust } from './grant/trust.ts';
import type { CameraDesk } from './media/camera-desk.ts';
import type { Notes } from './notes.ts';
import type { HubStatus } from './status.ts';

export interface Desks {
  readonly visits: Pick<VisitDesk, 'prepare' | 'act' | 'show'>;
  readonly takeDocument: (text: string) => Promise<Verdict<Record<string, unknown>>>;
  readonly handover: Pick<HandoverDesk, 'claim'>;
  /** Absent at a hub without cameras. */
  readonly cameras: Pick<CameraDesk, 'look' | 'sight'> | undefined;
  /** Absent at a hub without a camera of a doorstep. */
  readonly doorstep: DoorstepDesk | undefined;
  readonly lockOrders: LockOrderDesk;
  readonly stopSeals: StopSealDesk;
  readonly stopListening: Pick<StopListening, 'expect' | 'forget'>;
  readonly status: () => HubStatus;
  readonly trust: Pick<Trust, 'inForce'>;
  readonly time: Pick<TrustedClock, 'resetNonce'>;
  readonly notes: Pick<Notes, 'watch'>;
}

export const handlersOf = ({
  visits,
  takeDocument,
  handover,
  cameras,
  doorstep,
  lockOrders,
  stopSeals,
  stopListening,
  status,
  trust,
  time,
  notes,
}: Desks): Handlers => ({
  'visit.prepare': ({ bundle }) => notes.watch(visits.prepare(bundle)),
  'visit.act': ({ visit, knock }) => notes.watch(visits.act(visit, knock)),
  'visit.show': ({ visit }) => visits.show(visit),
  'document.put': ({ document }) => notes.watch(takeDocument(document)),
  'handover.claim': async ({ claim }) => {
    const claimed = await handover.claim(claim);
    return claimed.ok ? { ok: true, value: { ...claimed.value } } : claimed;
  },
  'hub.status': async () => {
    const { ownerList, recoveryPin } = trust.inForce().texts;
    const signed = {
      sealKey: await lockOrders.sealKey(),
      ...(ownerList === undefined ? {} : { ownerList }),
      ...(recoveryPin === undefined ? {} : { recoveryPin }),
    };
    const value = { ...status(), resetNonce: time.resetNonce(), ...signed };
    return { ok: true, value };
  },
  'camera.look': async ({ look }) => (await cameras?.look(look)) ?? refuse('CAMERA_MISSING'),
  'camera.sight': async ({ sight }) => (await cameras?.sight(sight)) ?? refuse('CAMERA_MISSING'),
  'stop.expect': ({ op: _, ...expected }) => stopListening.expect(expected),
  'stop.forget': async ({ delivery, attempt }) => stopListening.forget(delivery, attempt),
  'stop.photograph': async ({ op: _, ...stop }) =>
    doorstep === undefined ? refuse('CAMERA_NOT_CONFIGURED') : notes.watch(doorstep.photograph(stop)),
  'stop.seal': ({ receipt }) => notes.watch(stopSeals.seal(receipt)),
  'lock.order': ({ order }) => notes.watch(lockOrders.take(order)),
});
