/** What the owner can ask of a paired lock: entries, codes, log, settings (reference 7, 13), as a table. */
import { type Authorization, authorizationBytes } from './authorizations.ts';
import { type Cursor, Fields } from './bytes.ts';
import { commands, errors, logTypes, statuses } from './codes.ts';
import type { NukiCore } from './core.ts';
import type { Message } from './frame.ts';
import { type CodeAsked, codeBytes } from './keypad.ts';
import { logEntryBytes } from './log-book.ts';
import { configBytes, readSettings } from './settings.ts';
import { readLimit } from './times.ts';

/** One request whose challenge and PIN were right. `body`: its own fields. */
export interface Asked {
  readonly core: NukiCore;
  readonly user: Authorization;
  readonly body: Cursor;
}

/** Messages in order, or an error code. */
export type Answer = readonly Message[] | number;

export interface AdminCommand {
  /** `pin`: the security PIN follows the challenge. */
  readonly guard: 'challenge' | 'pin';
  readonly run: (asked: Asked) => Answer;
}

const message = (command: number, payload: Uint8Array): Message => ({ command, payload });
const complete: readonly Message[] = [message(commands.status, Uint8Array.of(statuses.complete))];
const u16 = (value: number): Uint8Array => new Fields().u16(value).bytes();

/** Runs only where the body was as long as it must be. */
const pin = (run: (asked: Asked) => Answer): AdminCommand => ({ guard: 'pin', run });

const orElse = (refused: number | undefined): Answer => refused ?? complete;

function readCode(body: Cursor, hasEnabled: boolean): CodeAsked {
  const [code, name] = [body.u32(), body.text(20)];
  return { code, name, enabled: hasEnabled ? body.u8() !== 0 : true, limit: readLimit(body) };
}

function updateAuthorization({ core, body }: Asked): Answer {
  const entry = core.authorizations.get(body.u32());
  const [name, enabled, remoteAllowed] = [body.text(32), body.u8() !== 0, body.u8() !== 0];
  const limit = readLimit(body);
  if (!body.done) return errors.badLength;
  if (entry === undefined) return errors.invalidAuthorization;
  Object.assign(entry, { name, enabled, remoteAllowed, limit });
  return complete;
}

function invite({ core, body }: Asked): Answer {
  const [name, idType, key, remoteAllowed] = [body.text(32), body.u8(), body.take(32), body.u8() !== 0];
  const limit = readLimit(body);
  if (!body.done) return errors.badLength;
  if (core.authorizations.isFull) return errors.maxUsers;
  const createdMs = core.now();
  const { id } = core.authorizations.add({ idType, clientId: 0, key, name, createdMs, limit, remoteAllowed });
  return [message(commands.invited, new Fields().u32(id).time(createdMs).bytes())];
}

function listAuthorizations({ core, user, body }: Asked): Answer {
  const [offset, count] = [body.u16(), body.u16()];
  const filter = body.left > 0 ? body.u8() : undefined;
  if (!body.done) return errors.badLength;
  const others = core.authorizations.all.filter((one) => one !== user);
  const listed = [user, ...others].filter(({ idType }) => filter === undefined || idType === filter);
  const page = listed.slice(offset, offset + count);
  const entries = page.map((one) => message(commands.authorizationEntry, authorizationBytes(one)));
  return [message(commands.authorizationCount, u16(listed.length)), ...entries, ...complete];
}

function listLog({ core, body }: Asked): Answer {
  const [start, count, order, withTotal] = [body.u32(), body.u16(), body.u8(), body.u8()];
  if (!body.done) return errors.badLength;
  const { log, hasDoorSensor } = core;
  const sensor = hasDoorSensor ? 1 : 0;
  const total = new Fields()
    .u8(log.isOn ? 1 : 0)
    .u16(log.entries.length)
    .u8(sensor, sensor)
    .bytes();
  const entries = log.page(start, count, order === 1).map((one) => message(commands.logEntry, logEntryBytes(one)));
  return [...(withTotal === 1 ? [message(commands.logCount, total)] : []), ...entries, ...complete];
}

function listCodes({ core, body }: Asked): Answer {
  const [offset, count] = [body.u16(), body.u16()];
  if (!body.done) return errors.badLength;
  const { all } = core.codes;
  const codes = all.slice(offset, offset + count).map((one) => message(commands.code, codeBytes(one)));
  return [message(commands.codeCount, u16(all.length)), ...codes, ...complete];
}

/** By command id. What is not here is no command of this lock. */
export const adminCommands: Readonly<Record<number, AdminCommand>> = {
  [commands.requestConfig]: {
    guard: 'challenge',
    run: ({ core, body }) => {
      if (!body.done) return errors.badLength;
      const facts = { nukiId: core.nukiId, nowMs: core.now(), hasKeypad: core.hasKeypad };
      return [message(commands.config, configBytes(core.settings(), facts, core.layout))];
    },
  },
  [commands.setConfig]: pin(({ core, body }) => {
    const settings = readSettings(body);
    if (!body.done) return errors.badLength;
    core.setSettings(settings);
    return complete;
  }),
  [commands.requestAdvancedConfig]: {
    guard: 'challenge',
    run: ({ core, body }) => (body.done ? [message(commands.advancedConfig, core.advanced.bytes())] : errors.badLength),
  },
  [commands.setAdvancedConfig]: pin(({ core, body }) => (core.advanced.set(body) ? complete : errors.badParameter)),
  [commands.setPin]: pin(({ core, body }) => {
    const next = core.layout.pinBytes === 2 ? body.u16() : body.u32();
    if (!body.done) return errors.badLength;
    core.pin.set(next);
    return complete;
  }),
  [commands.verifyPin]: pin(({ body }) => (body.done ? complete : errors.badLength)),
  [commands.updateTime]: pin(({ core, body }) => {
    const ms = body.time();
    if (!body.done) return errors.badLength;
    if (Number.isNaN(ms)) return errors.badParameter;
    core.setTime(ms);
    return complete;
  }),
  [commands.reboot]: pin(({ core, body }) => {
    if (!body.done) return errors.badLength;
    core.reboot();
    return complete;
  }),
  [commands.requestAuthorizations]: pin(listAuthorizations),
  [commands.updateAuthorization]: pin(updateAuthorization),
  [commands.invite]: pin(invite),
  [commands.removeAuthorization]: pin(({ core, body }) => {
    const id = body.u32();
    if (!body.done) return errors.badLength;
    return core.authorizations.remove(id) ? complete : errors.invalidAuthorization;
  }),
  [commands.requestLog]: pin(listLog),
  [commands.enableLogging]: pin(({ core, user, body }) => {
    const isOn = body.u8() !== 0;
    if (!body.done) return errors.badLength;
    core.log.switch(isOn);
    const { id: authorizationId, name } = user;
    core.writeLog({ authorizationId, name, type: logTypes.logging, data: [isOn ? 1 : 0] });
    return complete;
  }),
  [commands.addCode]: pin(({ core, body }) => {
    const asked = readCode(body, false);
    if (!body.done) return errors.badLength;
    const added = core.codes.add(asked, core.now());
    if (typeof added === 'number') return added;
    return [message(commands.codeId, new Fields().u16(added.id).time(added.createdMs).bytes())];
  }),
  [commands.requestCodes]: pin(listCodes),
  [commands.updateCode]: pin(({ core, body }) => {
    const id = body.u16();
    const asked = readCode(body, true);
    return body.done ? orElse(core.codes.update(id, asked)) : errors.badLength;
  }),
  [commands.removeCode]: pin(({ core, body }) => {
    const id = body.u16();
    if (!body.done) return errors.badLength;
    return core.codes.remove(id) ? complete : errors.codeInvalid;
  }),
};
