/** Lets this browser be pushed to: what it can, what its people allowed, and the subscription that goes to the cloud. */
import * as v from 'valibot';
import { PushSubscription as Subscription } from '../../../../wire/notifications.ts';

export type PushAbility = 'possible' | 'denied' | 'impossible';

export function pushAbility(): PushAbility {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return 'impossible';
  return Notification.permission === 'denied' ? 'denied' : 'possible';
}

/** Asks the people, then the browser. @param key  of the cloud. @returns undefined when either says no */
export async function subscribe(key: string): Promise<Subscription | undefined> {
  if ((await Notification.requestPermission()) !== 'granted') return undefined;
  try {
    const { pushManager } = await navigator.serviceWorker.ready;
    // One for another key would be refused.
    await (await pushManager.getSubscription())?.unsubscribe();
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = made.toJSON();
    const read = v.safeParse(Subscription, { endpoint, keys });
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe().catch(() => undefined);
}
