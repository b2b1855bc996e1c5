import { generateKeyPairSync } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import t from 'tap';
import { openSealed, sealFor } from '../../wire/seal.ts';
import type { EcJwk } from '../../wire/shapes.ts';

async function newRecipient(): Promise<{ jwk: EcJwk; key: CryptoKey }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    jwk: publicKey.export({ format: 'jwk' }) as unknown as EcJwk,
    key: (await importJWK(privateKey.export({ format: 'jwk' }) as JWK, 'ECDH-ES+A256KW')) as CryptoKey,
  };
}

t.test('each of the recipients reads it, and nobody else', async (t) => {
  const plaintext = Buffer.from('{"kind":"door.moved"}');
  for (const count of [1, 2, 5]) {
    const recipients = await Promise.all(Array.from({ length: count }, newRecipient));
    const sealed = await sealFor(
      recipients.map(({ jwk }) => jwk),
      plaintext,
    );
    t.notOk(sealed.includes('door.moved'));
    for (const { key } of recipients) t.same(Buffer.from(await openSealed(sealed, key)), plaintext);
    await t.rejects(openSealed(sealed, (await newRecipient()).key));
  }
});

t.test('the same words sealed twice look different, and a changed seal does not open', async (t) => {
  const { jwk, key } = await newRecipient();
  const [one, two] = [await sealFor([jwk], Buffer.from('x')), await sealFor([jwk], Buffer.from('x'))];
  t.not(one, two);
  const parts = one.split('.');
  parts[3] = two.split('.')[3]!;
  await t.rejects(openSealed(parts.join('.'), key));
});
