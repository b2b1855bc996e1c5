/** @param header  seconds or a date (RFC 9110 section 10.2.3). @returns ms to wait, at most `longestMs`; undefined when it says nothing */
export function retryAfterMs(header: string | undefined, longestMs: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, longestMs) : undefined;
}
