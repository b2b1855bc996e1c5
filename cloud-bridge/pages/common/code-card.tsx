/** A hand-over code in large digits and as a QR code, and who is at the door: nobody has to speak for it (S065, T29). */
import type { Presence } from '../../../wire/stop.ts';
import { codeWords } from './code-words.ts';
import { inRegion } from './in-region.ts';
import type { LanguageCode } from './language.ts';
import { QrCode } from './qr.tsx';

export interface CodeStop {
  readonly door: 'nobody' | 'here' | 'over';
  readonly since?: number | undefined;
  readonly presence: Presence;
  /** `YYYY-MM-DD` */
  readonly day: string;
}

const put = (text: string, name: string, value: string): string => text.replace(`{${name}}`, () => value);
export const sayDay = (code: LanguageCode, day: string): string =>
  new Intl.DateTimeFormat(inRegion(code), { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );

/** Red, amber or green, and always said in words. */
export function AtDoor({ code, stop }: { readonly code: LanguageCode; readonly stop: CodeStop }) {
  const says = codeWords[code];
  const { door, since, presence } = stop;
  const isWord = presence === 'said' || presence === 'someone';
  const is = door === 'here' && isWord ? 'says' : door;
  const time = since === undefined ? '' : new Intl.DateTimeFormat(inRegion(code), { timeStyle: 'short' }).format(since);
  return (
    <p class="at-door" role="status" data-door={is}>
      {put(says[is], 'time', time)}
    </p>
  );
}

export interface CodeCardProps {
  readonly code: LanguageCode;
  readonly day: string;
  /** Undefined while it is not shown; then `why` says when it comes. */
  readonly digits?: string | undefined;
  readonly why: 'onArrival' | 'onTheWay';
}

/** The digits, or when they come. */
export function CodeDigits({ code, day, digits, why }: CodeCardProps) {
  const says = codeWords[code];
  const dayText = sayDay(code, day);
  if (digits === undefined) return <p class="quiet">{put(says[why], 'day', dayText)}</p>;
  return (
    <div class="code-digits">
      <p>
        {/* Read out one by one. */}
        <span class="sr">{`${says.digits} ${[...digits].join(' ')}`}</span>
        <strong aria-hidden="true" data-code={digits}>
          {digits.replace(/(\d{3})(?=\d)/g, '$1\u202f')}
        </strong>
      </p>
      <QrCode text={digits} says={says.qr} />
      <p class="quiet">{put(says.until, 'day', dayText)}</p>
    </div>
  );
}

/** In one screen what a code is for (S100). */
export function CodeHelp({ code }: { readonly code: LanguageCode }) {
  const says = codeWords[code];
  return (
    <>
      <p>{says.how}</p>
      <p class="never">{says.never}</p>
    </>
  );
}
