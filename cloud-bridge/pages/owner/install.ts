/** Lets the app open without a network: its files are kept by a worker, which is replaced only when its people say so. */

interface ScriptUrls {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

const worker = 'worker.js';
let waiting: ServiceWorker | undefined;
let listener = (): void => undefined;

/** Is a newer app here, which the next start brings? @param changed  called when one has come */
export function onNewApp(changed: () => void): boolean {
  listener = changed;
  return waiting !== undefined;
}

/** Goes over to the newer app at once. */
export function takeNewApp(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
  waiting?.postMessage('take over');
}

/** Keeps the files of the app on this device, once it has time. Does nothing where the browser keeps none. */
export function installWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: ScriptUrls };
  const policy = trustedTypes?.createPolicy('doorward-worker', { createScriptURL: () => worker });
  const url = policy?.createScriptURL(worker) ?? worker;
  const note = (found: ServiceWorker | null | undefined): void => {
    // The first of all replaces nothing.
    if (!found || navigator.serviceWorker.controller === null) return;
    waiting = found;
    listener();
  };
  const install = (): void => {
    navigator.serviceWorker
      .register(url)
      .then((registration) => {
        note(registration.waiting);
        registration.addEventListener('updatefound', () => {
          const next = registration.installing;
          next?.addEventListener('statechange', () => {
            if (next.state === 'installed') note(next);
          });
        });
      })
      .catch(() => undefined);
  };
  if (document.readyState === 'complete') install();
  else addEventListener('load', install);
}
