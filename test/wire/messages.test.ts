import fc from 'fast-check';
import t from 'tap';
import type * as v from 'valibot';
import { faults } from '../../wire/faults.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import {
  AlarmMessage,
  Answer,
  Ask,
  JournalAck,
  JournalBatch,
  maxPayloadBytes,
  type PayloadKind,
  Presence,
  Request,
  readMessage,
  writeMessage,
} from '../../wire/messages.ts';
import { newDoorId, newHubId } from '../support/keys.ts';

const jws = 'aaaa.bbbb.cccc';
const head = { seq: 3, hash: hashOf('3') };
const versions = { rootSet: 1, issuerSet: 1, ruleBook: -1, ownerList: 0, epoch: 0 };
const door = { id: newDoorId(), kind: 'latch', seesBolt: true, seesDoor: true, camera: false };
const request = { v: 1, id: newId(), to: 'cloud-a', exp: 5 };

/** Each kind of payload with a good message of it. */
const samples: readonly { kind: PayloadKind; schema: v.GenericSchema; message: object }[] = [
  { kind: 'request', schema: Request, message: { ...request, body: { op: 'visit.prepare', bundle: { grant: jws } } } },
  { kind: 'request', schema: Request, message: { ...request, body: { op: 'visit.act', visit: newId(), knock: jws } } },
  { kind: 'request', schema: Request, message: { ...request, body: { op: 'visit.show', visit: newId() } } },
  { kind: 'request', schema: Request, message: { ...request, body: { op: 'document.put', document: 'x'.repeat(16) } } },
  { kind: 'request', schema: Request, message: { ...request, body: { op: 'hub.status' } } },
  {
    kind: 'request',
    schema: Request,
    message: {
      ...request,
      body: { op: 'stop.expect', delivery: newId(), attempt: 1, door: door.id, number: '0907', until: 5 },
    },
  },
  {
    kind: 'request',
    schema: Request,
    message: { ...request, body: { op: 'stop.expect', delivery: newId(), attempt: 1, door: door.id, until: 5 } },
  },
  {
    kind: 'request',
    schema: Request,
    message: { ...request, body: { op: 'stop.photograph', delivery: newId(), attempt: 1, door: door.id } },
  },
  {
    kind: 'request',
    schema: Request,
    message: { ...request, body: { op: 'stop.forget', delivery: newId(), attempt: 1 } },
  },
  { kind: 'answer', schema: Answer, message: { v: 1, id: newId(), ok: true, body: { a: [1] } } },
  { kind: 'answer', schema: Answer, message: { v: 1, id: newId(), ok: false, code: 'DOOR_BUSY', detail: { a: null } } },
  {
    kind: 'ask',
    schema: Ask,
    message: { v: 1, id: newId(), body: { op: 'hello', nonce: newId(), versions, head, doors: [door], software: '1' } },
  },
  { kind: 'journal', schema: JournalBatch, message: { v: 1, from: 1, entries: ['{}'], head: jws } },
  { kind: 'ack', schema: JournalAck, message: { v: 1, ...head, witness: jws } },
  { kind: 'presence', schema: Presence, message: { v: 1, hub: newHubId(), online: true, boot: newId() } },
  { kind: 'alarm', schema: AlarmMessage, message: { v: 1, alarm: jws } },
];

t.test('every message is read as it was written', async (t) => {
  for (const { kind, schema, message } of samples) {
    t.same(readMessage(kind, schema, writeMessage(message)), { ok: true, value: message }, kind);
  }
});

t.test('a payload may be a window into a larger buffer', async (t) => {
  const { kind, schema, message } = samples[0]!;
  const bytes = writeMessage(message);
  const padded = Buffer.concat([Buffer.from('{"x":'), bytes, Buffer.from('}')]);
  t.same(readMessage(kind, schema, new Uint8Array(padded.buffer, padded.byteOffset + 5, bytes.length)), {
    ok: true,
    value: message,
  });
});

t.test('a message with anything more, less or other in it is refused whole', async (t) => {
  for (const { kind, schema, message } of samples) {
    const refused = (change: object) =>
      t.match(
        readMessage(kind, schema, writeMessage({ ...message, ...change })),
        { code: 'MESSAGE_MALFORMED' },
        `${kind} ${JSON.stringify(change)}`,
      );
    refused({ extra: 1 });
    refused({ v: 2 });
    refused({ v: '1' });
    for (const name of Object.keys(message)) {
      if (name === 'detail') continue;
      refused({ [name]: undefined });
      refused({ [name]: [[]] });
    }
  }
});

t.test('T13: a message over its limit is refused before it is read', async (t) => {
  for (const { kind, schema } of samples) {
    const payload = Buffer.alloc(maxPayloadBytes[kind] + 1, '[');
    t.same(readMessage(kind, schema, payload), {
      ok: false,
      code: 'MESSAGE_TOO_BIG',
      detail: { bytes: payload.length },
    });
    t.match(readMessage(kind, schema, payload.subarray(1)), { code: 'MESSAGE_MALFORMED' }, 'at the limit it is read');
  }
});

t.test('T13: no bytes at all make the reader throw', async (t) => {
  for (const { kind, schema, message } of samples) {
    const good = writeMessage(message).toString();
    const spliced = fc
      .tuple(fc.nat(good.length), fc.nat(20), fc.string({ maxLength: 10 }))
      .map(([at, cut, text]) => Buffer.from(good.slice(0, at) + text + good.slice(at + cut)));
    const anything = fc.oneof(
      spliced,
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(anything, (payload) => {
        const read = readMessage(kind, schema, payload);
        return read.ok || read.code in faults;
      }),
      { numRuns: 200 },
    );
  }
  t.pass('they did not');
});
