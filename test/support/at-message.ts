/** A simulated Nuki to which something happens at an exact message. */
import type { SimNuki } from '../../hardware-sim/nuki/nuki.ts';

/** Before the `message`th write is heard, or after it was and before it is answered. 0: before there is a connection. */
export interface Moment {
  readonly message: number;
  readonly when: 'before' | 'after';
}

export interface AtMessage {
  /** The lock, for the transport whose writes count. */
  readonly heard: SimNuki;
  /** Does `act` at this moment, once, counted from now. @returns ends the wait for it; whether it came */
  at(moment: Moment, act: () => void): () => boolean;
  /** Writes that came since `at`. */
  readonly written: number;
  /** The lock ends every connection of this transport. */
  hangUp(): void;
}

export function atMessage(nuki: SimNuki): AtMessage {
  let waiting: { readonly moment: Moment; readonly act: () => void } | undefined;
  let written = 0;
  const hangUps = new Set<() => void>();
  const happen = (when: Moment['when']): void => {
    if (waiting?.moment.message !== written || waiting.moment.when !== when) return;
    const { act } = waiting;
    waiting = undefined;
    act();
  };
  const connect: SimNuki['connect'] = (central) => {
    const connection = nuki.connect(central);
    if (connection === undefined) return undefined;
    const hangUp = (): void => {
      hangUps.delete(hangUp);
      connection.onEnd();
      central.hangUp();
    };
    hangUps.add(hangUp);
    return {
      onWrite: (uuid, bytes) => {
        written += 1;
        happen('before');
        connection.onWrite(uuid, bytes);
        happen('after');
      },
      onSubscribe: (uuid, isOn) => connection.onSubscribe(uuid, isOn),
      onEnd: () => {
        hangUps.delete(hangUp);
        connection.onEnd();
      },
    };
  };
  const heard = new Proxy(nuki, {
    get: (_, name) => {
      if (name === 'connect') return connect;
      const value: unknown = Reflect.get(nuki, name, nuki);
      return typeof value === 'function' ? value.bind(nuki) : value;
    },
  });
  return {
    heard,
    at: (moment, act) => {
      written = 0;
      const mine = { moment, act };
      waiting = mine;
      happen('before');
      return () => {
        const came = waiting !== mine;
        waiting = undefined;
        return came;
      };
    },
    get written() {
      return written;
    },
    hangUp: () => {
      for (const hangUp of [...hangUps]) hangUp();
    },
  };
}
