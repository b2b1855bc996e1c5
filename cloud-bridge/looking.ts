/** Looks for work again and again: when it is woken and every so often, never twice at once. */

export interface Looking {
  start(): void;
  wake(): void;
  /** Resolves when the last look has ended. */
  close(): Promise<void>;
}

interface Wish {
  readonly everyMs: number;
  /** @returns true: look again at once */
  readonly look: () => Promise<boolean>;
  /** @param why  the name of what was thrown. It goes on. */
  readonly onError: (why: string) => void;
}

export function lookAgain({ everyMs, look, onError }: Wish): Looking {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isWoken = false;
  let isClosed = false;

  async function run(): Promise<void> {
    while (isWoken && !isClosed) {
      isWoken = false;
      try {
        if (await look()) isWoken = true;
      } catch (error) {
        onError(error instanceof Error ? error.name : '');
      }
    }
  }

  function wake(): void {
    if (isClosed) return;
    isWoken = true;
    running ??= run().finally(() => {
      running = undefined;
      if (isWoken) wake();
    });
  }

  return {
    wake,
    start: () => {
      timer = setInterval(wake, everyMs).unref();
      wake();
    },
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await running;
    },
  };
}
