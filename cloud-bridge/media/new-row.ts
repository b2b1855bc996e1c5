/** The index of a recording as it begins. */
import { createHash } from 'node:crypto';
import type { Row } from '../store/schema.ts';
import type { StreamStart } from './recordings.ts';

/** How a key message is told from another: SHA-256, base64url. */
export const hashBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');

/** @param at  ms, by the cloud's clock */
export const newRow = ({ keyMessage, visit, startedAt, ...start }: StreamStart, at: number): Row<'recording'> => ({
  ...start,
  visit: visit ?? null,
  key_hash: hashBytes(keyMessage),
  started_at: startedAt,
  ended_at: null,
  end_seq: null,
  last_at: at,
  frames: 0,
  late: 0,
  last_seq: 0,
  bytes: 0,
  ranges: '[]',
  deleting_at: null,
  deleted_at: null,
});
