/** Every MQTT payload: schema, size limit, reading and writing. JSON, UTF-8, version 1. What does not fit is refused whole. */
import * as v from 'valibot';
import { maxDocumentBytes } from './document.ts';
import { DoorFacts } from './enrolment.ts';
import { type FaultCode, faults, refuse, type Verdict } from './faults.ts';
import { GrantBundle } from './grant.ts';
import { HandoverClaim } from './handover.ts';
import { readJson } from './read-json.ts';
import { Count, DoorId, Hash, HubId, Id, InstanceId, Jws, MaybeAsserted, Millis, NoArray, SeenHead } from './shapes.ts';
import { StreamId } from './video.ts';

/** A signed document of any type: compact JWS, with an assertion where it has one, or a signed set in JSON. */
export const AnyDocument = v.pipe(v.string(), v.minLength(16), v.maxLength(maxDocumentBytes));

/** What the cloud may ask of a hub. `visit.*` and `document.put` carry signed documents: the envelope itself proves nothing. */
export const RequestBody = v.variant('op', [
  /** Shows a grant and asks for the nonce to arrive with. */
  v.strictObject({ op: v.literal('visit.prepare'), bundle: GrantBundle }),
  /** Carries one knock. */
  v.strictObject({ op: v.literal('visit.act'), visit: Id, knock: Jws }),
  /** Asks how a visit stands, and for fresh nonces for the acts that are possible now. */
  v.strictObject({ op: v.literal('visit.show'), visit: Id }),
  v.strictObject({ op: v.literal('document.put'), document: AnyDocument }),
  v.strictObject({ op: v.literal('handover.claim'), claim: HandoverClaim }),
  v.strictObject({ op: v.literal('hub.status') }),
  /** Asks for a live picture outside a visit, for as long as the document says. */
  v.strictObject({ op: v.literal('camera.look'), look: Jws }),
  /** An owner's device sees this picture now (R5, `watched`). */
  v.strictObject({ op: v.literal('camera.sight'), sight: Jws }),
  /** An owner's device orders something at a lock that keeps codes and users of its own: answered with `{ answer }`, a JWS for that device alone. */
  v.strictObject({ op: v.literal('lock.order'), order: MaybeAsserted }),
  /**
   * A courier is at this door until then, ms: the hub notes whether somebody is at bell or keypad, and whether this number is typed there.
   * A door with neither only learns that its doorstep may be photographed. Nothing opens by it.
   */
  v.strictObject({
    op: v.literal('stop.expect'),
    delivery: Id,
    attempt: Count,
    door: DoorId,
    /** Left out where there is no keypad to type it at. */
    number: v.optional(v.pipe(v.string(), v.regex(/^\d{4}$/))),
    until: Millis,
  }),
  /** That courier is there no more: whoever rings now is somebody else. */
  v.strictObject({ op: v.literal('stop.forget'), delivery: Id, attempt: Count }),
  /** The parcel of a stop that the hub was told of lies there: answered with `{ photo }`, its hash, once the cloud has it. The hub decides. */
  v.strictObject({ op: v.literal('stop.photograph'), delivery: Id, attempt: Count, door: DoorId }),
  /** Asks for the hub's own word on the receipt of a stop: answered with `{ seal }`. */
  v.strictObject({ op: v.literal('stop.seal'), receipt: v.pipe(Jws, v.maxLength(8192)) }),
]);
export type RequestBody = v.InferOutput<typeof RequestBody>;

/** cloud -> hub, topic `…/request`. */
export const Request = v.strictObject({
  v: v.literal(1),
  /** The same id again gets the same answer, and nothing is done twice. */
  id: Id,
  /** The cloud instance that waits for the answer. */
  to: InstanceId,
  /** When the request is dead, ms, by the cloud's clock: seconds away for all that moves a bolt (T43). */
  exp: Millis,
  body: RequestBody,
});
export type Request = v.InferOutput<typeof Request>;

const codes = Object.keys(faults) as [FaultCode, ...FaultCode[]];
const Detail = v.pipe(
  NoArray<string | number | boolean | null>(),
  v.record(
    v.pipe(v.string(), v.maxLength(32)),
    v.union([v.pipe(v.string(), v.maxLength(256)), v.number(), v.boolean(), v.null()]),
  ),
);

/** hub -> cloud instance, and cloud -> hub for what the hub asks. */
export const Answer = v.variant('ok', [
  v.strictObject({
    v: v.literal(1),
    id: Id,
    ok: v.literal(true),
    body: v.pipe(NoArray<unknown>(), v.record(v.string(), v.unknown())),
  }),
  v.strictObject({
    v: v.literal(1),
    id: Id,
    ok: v.literal(false),
    code: v.picklist(codes),
    detail: v.optional(Detail),
  }),
]);
export type Answer = v.InferOutput<typeof Answer>;

/** Which versions of documents a hub holds; -1 for none. */
export const Versions = v.strictObject({
  rootSet: v.number(),
  issuerSet: v.number(),
  ruleBook: v.number(),
  ownerList: v.number(),
  epoch: Count,
});
export type Versions = v.InferOutput<typeof Versions>;

/** What a hub asks of the cloud. */
export const AskBody = v.variant('op', [
  /** After every (re)connect, and again while its clock is not trusted: time, witness and missing documents. */
  v.strictObject({
    op: v.literal('hello'),
    nonce: Id,
    versions: Versions,
    head: SeenHead,
    doors: v.pipe(v.array(DoorFacts), v.maxLength(32)),
    software: v.pipe(v.string(), v.maxLength(64)),
  }),
  /** Which frames of recordings the relay has: the rest goes up late. */
  v.strictObject({ op: v.literal('media.have'), streams: v.pipe(v.array(StreamId), v.minLength(1), v.maxLength(32)) }),
  /** These recordings are gone at the hub: key first, then pictures. The relay does the same and says so. */
  v.strictObject({
    op: v.literal('media.forget'),
    streams: v.pipe(v.array(StreamId), v.minLength(1), v.maxLength(32)),
  }),
]);
export type AskBody = v.InferOutput<typeof AskBody>;

/** hub -> cloud, topic `…/ask`. Answered on `…/answer` with the same id. */
export const Ask = v.strictObject({ v: v.literal(1), id: Id, body: AskBody });
export type Ask = v.InferOutput<typeof Ask>;

const Range = v.strictTuple([Count, Count]);

/** The cloud's answer to `media.have`: frames that are on its disk, from..to, both included; the key and the last checkpoint as flags. */
export const MediaHaveAnswer = v.strictObject({
  streams: v.pipe(
    v.array(
      v.strictObject({
        stream: StreamId,
        key: v.boolean(),
        ended: v.boolean(),
        ranges: v.pipe(v.array(Range), v.maxLength(256)),
      }),
    ),
    v.maxLength(32),
  ),
});
export type MediaHaveAnswer = v.InferOutput<typeof MediaHaveAnswer>;

/** The cloud's answer to `hello`. */
export const HelloAnswer = v.strictObject({
  time: Jws,
  witness: Jws,
  /** How far the cloud's own copy of the journal reaches; the hub sends what comes after. */
  acked: Count,
  /** What the hub lacks, oldest first: sets, rule book, revocations, approvals. The rest comes with the next hello. */
  documents: v.pipe(v.array(AnyDocument), v.maxLength(32)),
});
export type HelloAnswer = v.InferOutput<typeof HelloAnswer>;

/** hub -> cloud, topic `…/journal`. */
export const JournalBatch = v.strictObject({
  v: v.literal(1),
  /** Sequence number of the first entry. */
  from: v.pipe(Count, v.minValue(1)),
  /** Entry texts in order, 1..64. */
  entries: v.pipe(v.array(v.pipe(v.string(), v.maxLength(4096))), v.minLength(1), v.maxLength(64)),
  /** Signed over the last entry of this batch. */
  head: Jws,
});
export type JournalBatch = v.InferOutput<typeof JournalBatch>;

/** cloud -> hub, topic `…/ack`: everything up to `seq` is committed. Sent again for repeats; on a gap it says where to go on. */
export const JournalAck = v.strictObject({ v: v.literal(1), seq: Count, hash: Hash, witness: Jws });
export type JournalAck = v.InferOutput<typeof JournalAck>;

/** hub -> cloud, topic `…/presence`; the same with `online: false` as the will. */
export const Presence = v.strictObject({ v: v.literal(1), hub: HubId, online: v.boolean(), boot: Id });
export type Presence = v.InferOutput<typeof Presence>;

/** hub -> cloud, topic `…/alarm`: an alarm that could not be written down first. Signed; whatever else fails, this is told. */
export const AlarmMessage = v.strictObject({ v: v.literal(1), alarm: Jws });
export type AlarmMessage = v.InferOutput<typeof AlarmMessage>;

/** Largest payload of each kind in bytes; all below the 128 kB that any broker carries. */
export const maxPayloadBytes = {
  request: 65_536,
  answer: 65_536,
  ask: 16_384,
  journal: 98_304,
  ack: 4_096,
  presence: 512,
  alarm: 4_096,
} as const;
export type PayloadKind = keyof typeof maxPayloadBytes;

/** Reads one payload. @returns MESSAGE_TOO_BIG or MESSAGE_MALFORMED (with where) when it does not fit */
export function readMessage<S extends v.GenericSchema>(
  kind: PayloadKind,
  schema: S,
  payload: Uint8Array,
): Verdict<v.InferOutput<S>> {
  if (payload.length > maxPayloadBytes[kind]) return refuse('MESSAGE_TOO_BIG', { bytes: payload.length });
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8');
  return readJson(schema, text, 'MESSAGE_MALFORMED');
}

export const writeMessage = (message: object): Buffer => Buffer.from(JSON.stringify(message));
