/** Asks the street to do something. What comes of it is told by the stream, to every page that is open. */
import type { Act } from '../told.ts';

export function ask(act: Act, of = '', isOn?: boolean): void {
  const body = JSON.stringify({ act, of, ...(isOn === undefined ? {} : { isOn }) });
  void fetch('/acts', { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => undefined);
}
