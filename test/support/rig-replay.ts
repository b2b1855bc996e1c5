/** Somebody on the way from the cloud to the hub who keeps a request and sends its bytes later: a cloud instance of its own. */
import { readFile } from 'node:fs/promises';
import mqtt from 'mqtt';
import type { Test } from 'tap';
import { issueCloud, openAuthority } from '../../cloud-bridge/ca/issue.ts';
import { layoutOf } from '../../cloud-bridge/config/layout.ts';
import { newId } from '../../wire/jws.ts';
import { Answer, type RequestBody, readMessage, writeMessage } from '../../wire/messages.ts';
import { topics } from '../../wire/topics.ts';
import type { Rig } from './rig.ts';
import { until } from './until.ts';

const instance = 'cloud-2';
/** How long a request of the cloud lives, ms. */
const livesMs = 8_000;

export interface Replayer {
  /** A request as the cloud would send it now. */
  write(body: RequestBody): Buffer;
  /** Delivers those bytes. @returns what the hub answers */
  send(bytes: Buffer): Promise<Answer>;
}

export async function openReplayer(t: Test, rig: Rig): Promise<Replayer> {
  const at = layoutOf(rig.folders.cloud);
  const [certificate, key] = await Promise.all([at.caCertificate, at.caKey].map((path) => readFile(path, 'utf8')));
  const pair = await issueCloud(
    await openAuthority({ certificate: certificate!, key: key! }),
    instance,
    rig.time.now(),
  );
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${rig.broker.port}`, {
    clientId: instance,
    protocolVersion: 4,
    cert: pair.certificate,
    key: pair.key,
    ca: certificate!,
  });
  t.teardown(() => client.endAsync(true));
  const answers: Answer[] = [];
  client.on('message', (_, payload) => {
    const read = readMessage('answer', Answer, payload);
    if (read.ok) answers.push(read.value);
  });
  await client.subscribeAsync(topics.answerFilter(instance), { qos: 1 });
  return {
    write: (body) => writeMessage({ v: 1, id: newId(), to: instance, exp: Math.floor(rig.time.now()) + livesMs, body }),
    send: async (bytes) => {
      const from = answers.length;
      await client.publishAsync(topics.down(rig.hubId, 'request'), bytes, { qos: 1 });
      return until('the hub answers', () => answers[from]);
    },
  };
}
