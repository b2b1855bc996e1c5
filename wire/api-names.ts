/** One API as the headers of a page name it. */

export interface ApiNames {
  /** Scheme, host and port: what pages fetch from. */
  readonly origin: string;
  /** The same with the scheme of WebSockets. */
  readonly socket: string;
}

/** @param api  base URL of the API. @throws TypeError when it is none */
export function apiNames(api: string): ApiNames {
  const { origin, host, protocol } = new URL(api);
  return { origin, socket: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}` };
}

/** For headers that are signed before anybody knows whose API it will be: what a checker puts its own in place of. */
export const anyApi: ApiNames = { origin: '{api}', socket: '{socket}' };

/** A header that was written for `anyApi`, for this one. */
export const namedFor = ({ origin, socket }: ApiNames, value: string): string =>
  value.replaceAll(anyApi.origin, origin).replaceAll(anyApi.socket, socket);
