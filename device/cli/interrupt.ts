/** Ctrl-C in the middle of something that has to be ended in order. */

export interface Interrupt {
  readonly isAsked: boolean;
  /** Resolves with the first Ctrl-C or SIGTERM. */
  readonly asked: Promise<void>;
  /** From here on they end the process again, as usual. */
  leave(): void;
}

/** From here on the first Ctrl-C only asks; the second ends the process. */
export function onInterrupt(): Interrupt {
  let isAsked = false;
  let ask = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const leave = (): void => {
    process.removeListener('SIGINT', take);
    process.removeListener('SIGTERM', take);
  };
  const take = (): void => {
    leave();
    isAsked = true;
    ask();
  };
  process.on('SIGINT', take);
  process.on('SIGTERM', take);
  return {
    get isAsked() {
      return isAsked;
    },
    asked,
    leave,
  };
}
