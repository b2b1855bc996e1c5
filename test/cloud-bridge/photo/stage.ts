/** A stop with a drop place, and two devices of the household whose private keys the test holds. */
import { webcrypto } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import type { Test } from 'tap';
import { type PhotoFacts, packPhoto } from '../../../wire/delivery-photo.ts';
import { hashOf, peek } from '../../../wire/jws.ts';
import { ownerListForm } from '../../../wire/owner.ts';
import { sealFor } from '../../../wire/seal.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { openStopStage, type StopStage, type StopTask } from '../stop/stop-stage.ts';
import { newSignKey } from '../support/keys.ts';
import { Owner } from '../support/people.ts';
import { type Answer, until } from '../support/world.ts';

export const drop = { order: ['drop'], drop: 'Behind the shed' };

export interface PhotoStage extends StopStage {
  readonly second: Owner;
  /** Opens what is sealed for the second device. */
  readonly openKey: webcrypto.CryptoKey;
  /** A courier who may put the parcel down now. */
  atDrop(wishes?: object): Promise<StopTask>;
  /** Seals as the courier's phone does. */
  seal(task: StopTask, picture: Uint8Array, facts?: Partial<PhotoFacts>): Promise<SealedForTest>;
  send(task: StopTask, photo: SealedForTest): Promise<Answer>;
  /** Everything that stands in the data folder, and what was logged. */
  everything(): Buffer;
}

export interface SealedForTest {
  readonly sealed: string;
  readonly ownerList: number;
  readonly hash: string;
}

/** Bytes that nothing can compress or repeat by accident. */
export const somePicture = (bytes = 60_000): Uint8Array => webcrypto.getRandomValues(new Uint8Array(bytes));

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

export async function openPhotoStage(t: Test): Promise<PhotoStage> {
  const stage = await openStopStage(t);
  const { world, hub, owner } = stage;
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  const { kty, crv, x, y } = await exportJWK(pair.publicKey);
  const second = new Owner(world, await newSignKey('ES256'), { kty, crv, x, y } as EcJwk, hub);
  await hub.signOwnerList([owner.device, second.device]);
  await hub.hello();
  await until('both devices are known', async () => (await second.ask('GET', second.home)).status === 200);
  return {
    ...{ ...stage, second, openKey: pair.privateKey },
    atDrop: async (wishes = {}) => {
      await stage.wish({ ...drop, ...wishes });
      const task = await stage.task(['drop', 'in-person']);
      await task.act({ act: 'arrive' });
      await task.act({ act: 'ring' });
      world.wind(61_000);
      return task;
    },
    seal: async (task, picture, facts = {}) => {
      const { ownerList } = (await task.courier.ask('GET', `${task.path}/stop/photo`)).body;
      const read = peek(ownerListForm, ownerList ?? hub.ownerList);
      if (!read.ok) throw new TypeError(read.code);
      const { devices, version } = read.value.claims;
      const { delivery } = task;
      const whole: PhotoFacts = { delivery, attempt: 1, at: world.now(), flaws: [], blurred: 'frame', ...facts };
      const sealed = await sealFor(
        devices.map(({ seal }) => seal),
        packPhoto(whole, picture),
      );
      return { sealed, ownerList: version, hash: hashOf(sealed) };
    },
    send: (task, { sealed, ownerList }) =>
      task.courier.ask('PUT', `${task.path}/stop/photo`, { body: { sealed, ownerList } }),
    everything: () => {
      const files = filesUnder(world.dataDir).map((path) => readFileSync(path));
      return Buffer.concat([...files, Buffer.from(world.logged())]);
    },
  };
}
