/** The keys that push services know this service by (RFC 8292). A browser's subscription is bound to them: they are kept for ever. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import type { PushKeys } from './push.ts';

const Keys = v.strictObject({
  publicKey: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{87}$/)),
  privateKey: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
});

export async function createPushKeys(): Promise<PushKeys> {
  const { default: webPush } = await import('web-push');
  return webPush.generateVAPIDKeys();
}

/** @param file  where the text comes from. @throws Fault CONFIG_INVALID */
export function readPushKeys(text: string, file: string): PushKeys {
  try {
    return v.parse(Keys, JSON.parse(text));
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { file, why: 'no push keys' }, { cause });
  }
}
