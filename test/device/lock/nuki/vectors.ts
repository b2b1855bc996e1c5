/** The vendor's own examples, as bytes. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../../../vectors/nuki/vendor.json');
const examples = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string | number>>;

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
/** The bytes that `name` of example `of` stands for. */
export const bytes = (of: string, name: string): Uint8Array => hex(String(examples[of]![name]));
export const value = (of: string, name: string): string | number => examples[of]![name]!;
