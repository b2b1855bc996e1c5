/** Which screen is shown: `#/name` in the address bar, and nothing of the home in it. What a screen is about stands in the history's state. */
import { type ScreenName, screens } from './screens.ts';

export interface Route {
  readonly name: ScreenName;
  /** What it is about, such as a visit; gone in another tab. */
  readonly about?: string | undefined;
}

const isScreen = (name: string): name is ScreenName => screens.some((one) => one.name === name);

/** @param hash  of the address bar. @param state  of the history */
export function readRoute(hash: string, state: unknown): Route {
  const name = hash.replace(/^#\/?/, '');
  const about = (state as { readonly about?: unknown } | null)?.about;
  return { name: isScreen(name) ? name : 'now', about: typeof about === 'string' ? about : undefined };
}

export const currentRoute = (): Route => readRoute(location.hash, history.state);

/** Leads to a screen; the way back is the browser's. */
export function go(name: ScreenName, about?: string): void {
  history.pushState(about === undefined ? null : { about }, '', `#/${name}`);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** @returns stops listening */
export function onRoute(listen: (route: Route) => void): () => void {
  const tell = (): void => listen(currentRoute());
  addEventListener('popstate', tell);
  addEventListener('hashchange', tell);
  return () => {
    removeEventListener('popstate', tell);
    removeEventListener('hashchange', tell);
  };
}
