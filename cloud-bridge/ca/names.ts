/** Who this instance is, as its certificates say. */
import { X509Certificate } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';
import { isInstanceId, isMediaInstanceId } from '../../wire/topics.ts';

const nameIn = (certificate: string): string => /^CN=(.+)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? '';

/** @param certificate  PEM. @returns the instance id in it. @throws Fault CONFIG_INVALID when it names none */
export function instanceIdOf(certificate: string): string {
  const name = nameIn(certificate);
  if (!isInstanceId(name)) throw new Fault('CONFIG_INVALID', { what: 'client certificate', why: 'CN is no cloud-…' });
  return name;
}

/** @param certificate  PEM. @returns the name of the media client in it. @throws Fault CONFIG_INVALID when it names none */
export function mediaInstanceNamedIn(certificate: string): string {
  const name = nameIn(certificate);
  if (!isMediaInstanceId(name)) {
    throw new Fault('CONFIG_INVALID', { what: 'media certificate', why: 'CN is no cloudmedia-…' });
  }
  return name;
}
