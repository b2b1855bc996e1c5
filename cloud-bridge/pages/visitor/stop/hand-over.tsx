/** To whom, and the code: typed by either side, or scanned. The answer is there at once (S007, S008, S065). */
import { useEffect, useRef, useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { isComplete, Keypad } from './keypad.tsx';
import { canScan, type Scan, scanInto } from './scan.ts';
import type { StopKnown } from './way.ts';

export interface HandOverProps {
  readonly stop: StopKnown;
  readonly isBusy: boolean;
  readonly hold: string;
  readonly again: string;
  readonly say: (n: number) => string;
}

type TypedBy = 'courier' | 'recipient' | 'scan';

/** Everybody who may receive here, each once. */
export const holdersOf = ({ view }: StopKnown) =>
  view.plan.flatMap(({ holders = [], place }) => holders.map((holder) => ({ ...holder, place })));

export function Holders({
  stop,
  isBusy,
  onNamed,
}: Pick<HandOverProps, 'stop' | 'isBusy'> & { readonly onNamed: () => void }) {
  const { says } = stop.words;
  return (
    <ul class="choices">
      {holdersOf(stop).map(({ holder, name, flat, note }) => (
        <li key={holder}>
          <button type="button" class="plain" disabled={isBusy} onClick={() => void stop.act({ act: 'name', holder }).then(onNamed)}>
            <b dir="auto">{name === '' ? says.home : name}</b>
            {flat !== undefined && <span dir="auto">{flat}</span>}
            {note !== undefined && <small dir="auto">{note}</small>}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function TypeCode({ stop, isBusy, hold, again, say }: HandOverProps) {
  const { says } = stop.words;
  const [digits, type] = useState('');
  const [by, choose] = useState<TypedBy>('courier');
  const [isScanning, scan] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const { triesLeft, named = '' } = stop.view;
  useEffect(() => {
    let scanning: Scan | undefined;
    if (isScanning && video.current !== null) {
      scanning = scanInto(video.current);
      void scanning.digits.then((found) => {
        scan(false);
        if (found === undefined) return;
        type(found);
        choose('scan');
      });
    }
    return () => scanning?.end();
  }, [isScanning]);
  const check = (): void => {
    void stop.act({ act: 'hand-over', holder: named, typedBy: by }, digits);
    type('');
    choose('courier');
  };
  return (
    <>
      {triesLeft !== undefined && triesLeft < 3 && <p class="quiet">{say(triesLeft)}</p>}
      {isScanning ? (
        <video ref={video} muted playsInline />
      ) : (
        <Keypad erase={says.erase} typed={says.typed} isBusy={isBusy} digits={digits} onDigits={type} />
      )}
      <fieldset class="who">
        <legend class="sr">{says.whoTypes}</legend>
        {(['courier', 'recipient'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="by" checked={by === one} onChange={() => choose(one)} />
            <span>{one === 'courier' ? says.iType : says.theyType}</span>
          </label>
        ))}
      </fieldset>
      {canScan() && (
        <button type="button" class="plain" onClick={() => scan(!isScanning)}>
          {isScanning ? says.back : says.scan}
        </button>
      )}
      <HoldButton says={says.check} hint={hold} again={again} isBusy={isBusy || !isComplete(digits)} onHeld={check} />
    </>
  );
}
