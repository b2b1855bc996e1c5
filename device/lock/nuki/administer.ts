/** What an owner has done at a Nuki lock: its keypad codes, and who may talk to it. */
import { Fault } from '../../../wire/faults.ts';
import type { AccessTimes, LockAdministration, LockCode, LockUser } from '../administration.ts';
import { decodeAuthorization, decodeInvited, encodeInvite, encodeRemoveUser, userNameBytes } from './authorization.ts';
import { command } from './command.ts';
import type { Guarded } from './guarded.ts';
import {
  codeNameBytes,
  decodeCodeId,
  decodeKeypadCode,
  encodeAddCode,
  encodeRemoveCode,
  isCode,
} from './keypad-code.ts';
import { isLimit } from './limit.ts';
import { type ListOf, readList } from './list.ts';
import type { Pin } from './pin.ts';

export interface AdministerOptions {
  readonly guarded: Guarded;
  readonly pin: Pin;
  /** Of this hub. */
  readonly authorizationId: number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Asks the lock where that is not known. @throws Fault as `Guarded` */
  readonly hasKeypad: () => Promise<boolean>;
}

const codeList: ListOf<LockCode> = {
  request: command.requestKeypadCodes,
  count: command.keypadCodeCount,
  entry: command.keypadCode,
  decode: decodeKeypadCode,
};
const userList: ListOf<Omit<LockUser, 'isHub'>> = {
  request: command.requestAuthorizations,
  count: command.authorizationCount,
  entry: command.authorization,
  decode: decodeAuthorization,
};
const keyBytes = 32;
const invalidAuthorization = 0x24;

/** `LockAdministration` of a Nuki lock. What a lock that is not paired with a keypad is asked of it is LOCK_CAPABILITY_MISSING. */
export function administer(options: AdministerOptions): LockAdministration {
  const { guarded, pin, authorizationId, randomBytes, hasKeypad } = options;
  let turn: Promise<unknown> = Promise.resolve();
  /** After those before it, and never to a lock that cannot be asked. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const done = turn.then(() => {
      pin.bytes();
      return run();
    });
    turn = done.catch(() => undefined);
    return done;
  };
  const atKeypad = <T>(run: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      if (!(await hasKeypad())) throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'keypad' });
      return run();
    });
  const listCodes = (): Promise<readonly LockCode[]> => readList(guarded, codeList);
  const listUsers = async (): Promise<readonly LockUser[]> =>
    (await readList(guarded, userList)).map((one) => ({ ...one, isHub: one.id === authorizationId }));

  return {
    codes: () => atKeypad(listCodes),
    users: () => inTurn(listUsers),
    addCode: async (asked) => {
      if (!isCode(asked.digits)) throw new Fault('LOCK_CODE_UNFIT', { field: 'digits' });
      if (!isName(asked.name, codeNameBytes)) throw new Fault('LOCK_CODE_UNFIT', { field: 'name' });
      if (!isTimes(asked.times)) throw new Fault('LOCK_CODE_UNFIT', { field: 'times' });
      const order = { command: command.addKeypadCode, body: encodeAddCode(asked), needs: 'pin' } as const;
      return atKeypad(async () => idOf(decodeCodeId(await guarded.ask(order, command.keypadCodeId))));
    },
    removeCode: async (id) => {
      if (!isWithin(id, 0xffff)) throw new Fault('LOCK_REFUSED', { field: 'id' });
      const order = { command: command.removeKeypadCode, body: encodeRemoveCode(id), needs: 'pin' } as const;
      return atKeypad(() => remove(id, () => guarded.do(order), listCodes));
    },
    addUser: async (asked) => {
      if (!isName(asked.name, userNameBytes)) throw new Fault('LOCK_REFUSED', { field: 'name' });
      if (!isTimes(asked.times)) throw new Fault('LOCK_REFUSED', { field: 'times' });
      const key = randomBytes(keyBytes);
      const order = { command: command.inviteAuthorization, body: encodeInvite(asked, key), needs: 'pin' } as const;
      return inTurn(async () => {
        const { id } = idOf(decodeInvited(await guarded.ask(order, command.invitedAuthorizationId)));
        return { id, key };
      });
    },
    removeUser: async (id) => {
      if (!isWithin(id, 0xffff_ffff)) throw new Fault('LOCK_REFUSED', { field: 'id' });
      if (id === authorizationId) throw new Fault('LOCK_REFUSED', { why: 'it is the hub itself' });
      const order = { command: command.removeAuthorization, body: encodeRemoveUser(id), needs: 'pin' } as const;
      return inTurn(() => remove(id, () => guarded.do(order), listUsers));
    },
  };
}

/** Whatever the lock answered to it, or not: what it lists afterwards counts. */
async function remove(
  id: number,
  order: () => Promise<void>,
  list: () => Promise<readonly { readonly id: number }[]>,
): Promise<void> {
  const refusal = await order().then(
    () => new Fault('LOCK_REFUSED', { why: 'it is listed still' }),
    (cause: unknown) => cause,
  );
  if (!(refusal instanceof Fault) || isFinal(refusal)) throw refusal;
  const left = await list();
  if (left.some((one) => one.id === id)) throw refusal;
}

/** Nothing more is to be learnt from a list: the PIN is refused, or the lock out of reach. */
const isFinal = ({ code, detail }: Fault): boolean =>
  code.startsWith('NUKI_PIN') || (code === 'LOCK_UNAVAILABLE' && detail.error !== invalidAuthorization);

function idOf(read: ReturnType<typeof decodeCodeId>): { readonly id: number } {
  if (!read.ok) throw new Fault('LOCK_SILENT', { why: read.code });
  return { id: read.value };
}

const isWithin = (id: number, most: number): boolean => Number.isInteger(id) && id >= 0 && id <= most;
const isTimes = (times: AccessTimes | undefined): boolean => times === undefined || isLimit(times);

/** A NUL would cut it, and the lock shows the others as they are. */
function isName(name: string, mostBytes: number): boolean {
  const { length } = new TextEncoder().encode(name);
  return length >= 1 && length <= mostBytes && !/\p{Cc}/u.test(name);
}
