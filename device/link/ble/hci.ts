/** A Bluetooth controller of this machine, taken for the hub alone: the kernel's HCI user channel. */
import { access } from 'node:fs/promises';
import { Fault } from '../../../wire/faults.ts';
import type { Link, OpenLink } from '../link.ts';
import { loadNativeDriver, type NativeDriver } from './noble.ts';

/** How often it is looked whether the controller is still there: the driver itself does not notice. */
const lookEveryMs = 2000;

const whatToDo = {
  missing: 'Plug a Bluetooth adapter in, or name another one.',
  permission: 'Give the service of the hub CAP_NET_ADMIN and CAP_NET_RAW.',
  busy: 'Stop bluetoothd for this adapter (hciconfig hci0 down), or give the hub an adapter of its own.',
  off: 'Switch the adapter on: rfkill unblock bluetooth.',
} as const;

/** errno of Linux -> reason. The package hands the number over, or nothing but its text. */
const reasons: readonly { readonly errno: number; readonly text: string; readonly reason: keyof typeof whatToDo }[] = [
  { errno: 1, text: 'Operation not permitted', reason: 'permission' },
  { errno: 13, text: 'Permission denied', reason: 'permission' },
  { errno: 16, text: 'Device or resource busy', reason: 'busy' },
  { errno: 132, text: 'Operation not possible due to RF-kill', reason: 'off' },
];

function reasonOf(cause: unknown): keyof typeof whatToDo {
  const { errno, message } = cause as NodeJS.ErrnoException;
  return reasons.find((row) => row.errno === errno || row.text === message)?.reason ?? 'missing';
}

/** Binds it. Failures come as an event or as an exception, whichever part of the package finds them. */
function bind(driver: NativeDriver, device: number): void {
  let failure: unknown;
  const onError = (cause: unknown): void => {
    failure ??= cause;
  };
  driver.on('error', onError);
  try {
    driver.bindUser(device);
    if (failure === undefined) driver.start();
  } finally {
    driver.off('error', onError);
  }
  if (failure !== undefined) throw failure;
}

function linkOf(driver: NativeDriver, device: number): Link {
  let open = true;
  const listeners: (() => void)[] = [];
  const shut = (): void => {
    if (!open) return;
    open = false;
    clearInterval(look);
    driver.stop();
    for (const listener of listeners) listener();
  };
  const look = setInterval(() => access(`/sys/class/bluetooth/hci${device}`).catch(shut), lookEveryMs);
  look.unref();
  driver.on('error', shut);
  return {
    write: async (bytes) => {
      if (open) driver.write(Buffer.from(bytes));
      if (!open) throw new Fault('LINK_CLOSED');
    },
    onData: (listener) => void driver.on('data', listener),
    onClose: (listener) => void listeners.push(listener),
    close: async () => shut(),
  };
}

/**
 * @param device  number of the adapter: 0 for hci0
 * @returns opens it; it must be down for everyone else
 * @throws Fault (by that function) LINK_OPEN_FAILED with `reason` (`permission`, `busy`, `off`, `missing`) and what to `do`
 */
export function hciController(device: number): OpenLink {
  return async () => {
    try {
      const driver = new (await loadNativeDriver())();
      bind(driver, device);
      return linkOf(driver, device);
    } catch (cause) {
      const reason = reasonOf(cause);
      throw new Fault('LINK_OPEN_FAILED', { device, reason, do: whatToDo[reason] }, { cause });
    }
  };
}
