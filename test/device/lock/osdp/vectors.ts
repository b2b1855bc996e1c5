/** The OSDP vectors of test/vectors/osdp: bytes from the standard and from other implementations, never from our encoder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const read = (file: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../vectors/osdp', file), 'utf8'));

export interface GoldenFrame {
  readonly name: string;
  readonly reply?: true;
  readonly sequence: number;
  readonly block: number;
  readonly blockData: string;
  readonly code: number;
  /** DATA before encryption. */
  readonly plain: string;
  readonly hex: string;
}

export const golden = read('session.json') as { key: string; rndA: string; frames: GoldenFrame[] };
export const goldenKeys = read('keys.json') as Record<
  'key' | 'rndA' | 'rndB' | 'enc' | 'mac1' | 'mac2' | 'client' | 'server' | 'initialMac',
  string
>;
export const checks = read('checks.json') as { check: 'crc' | 'checksum'; over: string; value: string }[];
export const plainFrames = read('frames.json') as {
  name: string;
  hex: string;
  address: number;
  reply: boolean;
  sequence: number;
  check: 'crc' | 'checksum';
  code: number;
  data: string;
}[];

/** The bytes of one golden frame by its name. */
export function goldenBytes(name: string): Uint8Array {
  return hex(golden.frames.find((frame) => frame.name === name)?.hex ?? '');
}
