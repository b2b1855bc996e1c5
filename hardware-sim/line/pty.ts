/** A pseudo terminal that the hub opens as if it were a serial port: raw, 8-bit clean, at a path that stays the same. */
import { closeSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { ReadStream } from 'node:tty';
import { Fault } from '../../wire/faults.ts';

/** Where the bytes of a line come and go. */
export interface Port {
  write(bytes: Uint8Array): void;
  onData(listener: (chunk: Uint8Array) => void): void;
  close(): void;
}

interface NativePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

const require = createRequire(import.meta.url);

/** The package shows only terminals with a shell in them; the pair alone is in its native part. */
function openPair(): ReturnType<NativePty['open']> {
  try {
    const { requireBinary } = require('@lydell/node-pty/requireBinary.js') as {
      requireBinary(file: string): NativePty;
    };
    return requireBinary('pty.node').open(80, 25);
  } catch (cause) {
    throw new Fault('LINK_OPEN_FAILED', { on: 'pty' }, { cause });
  }
}

/** Makes `path` a link to the terminal, replacing what is there. */
function linkTo(path: string, terminal: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(terminal, path);
  } catch (cause) {
    throw new Fault('LINK_OPEN_FAILED', { path }, { cause });
  }
}

/** Removes the link, unless another simulator has put its own there meanwhile. */
function unlink(path: string, terminal: string): void {
  try {
    if (readlinkSync(path) === terminal) rmSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * Opens a pair and links `path` to its far end, replacing what is there.
 * @throws Fault LINK_OPEN_FAILED where the system has no pseudo terminals, or the path cannot be made
 */
export function openPty(path: string): Port {
  const pair = openPair();
  linkTo(path, pair.pty);
  const near = new ReadStream(pair.master);
  // Its far end stays open, unread: else the near end fails with EIO each time the hub closes the port. Node opens a
  // terminal once more for itself, so what sets the mode can go at once.
  const mode = new ReadStream(pair.slave);
  mode.setRawMode(true);
  mode.destroy();

  // A pty that goes away reports EIO here; `close` is the only way it goes.
  near.on('error', () => {});
  return {
    write: (bytes) => void near.write(bytes),
    onData: (listener) => void near.on('data', listener),
    close: () => {
      unlink(path, pair.pty);
      near.destroy();
      closeSync(pair.slave);
    },
  };
}
