/** What the OSDP bus tells the hub to log and to journal: a closed list, without keys and without bytes. */
import type { FaultCode, FaultDetail } from '../../../wire/faults.ts';

export type OsdpEvent =
  | { readonly on: 'link.opened' }
  | { readonly on: 'link.lost'; readonly code: FaultCode; readonly detail: FaultDetail; readonly retryInMs: number }
  /** An authentic session under the paired key. */
  | { readonly on: 'online'; readonly address: number }
  | { readonly on: 'offline'; readonly address: number; readonly code: FaultCode }
  /** Bytes or a frame that were not used. `address` is missing where none could be read. */
  | { readonly on: 'frame.dropped'; readonly address?: number; readonly code: FaultCode; readonly reason: string }
  /** The session ended before its time and is being made anew. */
  | { readonly on: 'session.lost'; readonly address: number; readonly reason: SessionLoss }
  | { readonly on: 'key.wrong'; readonly address: number }
  | { readonly on: 'key.proven'; readonly address: number; readonly key: 'pending' | 'current' | 'default' }
  /** A key was proven and the caller failed to store it; it stays pending there, and works at the next start. */
  | { readonly on: 'key.unstored'; readonly address: number }
  | { readonly on: 'nonce.repeated'; readonly address: number }
  /** More keys were pressed than a person presses; what came was dropped. Which keys is never told. */
  | { readonly on: 'keys.flooded'; readonly address: number }
  | { readonly on: 'tamper'; readonly address: number; readonly tampered: boolean }
  /** The peripheral tells that it lost power; most say so once, after they are back. */
  | { readonly on: 'power.failed'; readonly address: number };

/**
 * `silent`: no reply after all resends. `late`: replies keep coming after their time. `ended`: the peripheral says so (NAK 4, 5, 6).
 * `rekeyed`: a new key was set. `window-closed`: it was a session under the default key.
 */
export type SessionLoss = 'silent' | 'late' | 'ended' | 'rekeyed' | 'window-closed';

export type OnOsdpEvent = (event: OsdpEvent) => void;
