/** Builds a door with a Nuki on it, as its configuration and its memory say. */
import { randomBytes } from 'node:crypto';
import { Door } from '../door/door.ts';
import type { HomeParts } from '../home-parts.ts';
import type { NukiConfig } from './config.ts';
import { nukiMemory } from './memory.ts';
import { SimNuki } from './nuki.ts';

/**
 * Puts the door and the ring of the lock into `parts`.
 * @throws Fault CONFIG_INVALID when the state file holds something else under its name
 */
export function buildNuki(parts: HomeParts, config: NukiConfig, seed: number): SimNuki {
  const { clock, events, state } = parts;
  const { id, leafMs, latchMs, boltMs } = config;
  const memory = nukiMemory(state, id);
  const make = { leafMs, latchMs, boltMs, boltAt: memory.kept?.bolt ?? 'thrown', handle: !config.latch } as const;
  const door = new Door(id, clock, make, (from, body) => events.add(from, body));
  const { nukiId, pin, replyMs, pairingMs, batteryPercent, maxAuthorizations, maxCodes } = config;
  const nuki = new SimNuki({
    ...{ id, door, boltMs, latchMs, nukiId, pin, replyMs, pairingMs, batteryPercent, maxAuthorizations, maxCodes },
    ...{ clock, seed, memory },
    model: config.generation,
    hasKeypad: config.keypad,
    hasDoorSensor: config.doorSensor,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
  });
  parts.doors.set(id, door);
  parts.lights.set(id, nuki.ring);
  return nuki;
}
