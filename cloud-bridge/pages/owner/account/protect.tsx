/** A device that was pinned without a passkey gets one: it signs itself in once more, with it. */
import { canHavePasskeys } from '../../common/passkey.ts';
import { register } from '../device/account.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import { changeDevices } from '../home/orders.ts';
import { useWords } from '../use-words.ts';
import type { PartProps } from './screen.tsx';
import { words } from './words.ts';

interface ProtectProps extends Pick<PartProps, 'busy' | 'act'> {
  readonly place: Place;
}

export function Protect({ place, busy, act }: ProtectProps) {
  const says = useWords(words);
  const { course } = useApp();
  const protect = async () => {
    const made = await register(place.api, 'Doorward');
    if (!made.ok) return made;
    const { sign, seal } = place.keys;
    const pinned = await changeDevices(place, { add: { sign: sign.jwk, seal: seal.jwk, passkey: made.value } });
    course.refresh('home');
    return pinned;
  };
  return (
    <section class="card">
      <h2>{says.bare}</h2>
      <p>{canHavePasskeys() ? says.bareText : says.impossible}</p>
      {canHavePasskeys() && (
        <button type="button" class="primary" disabled={busy} onClick={() => act(protect)}>
          {says.make}
        </button>
      )}
    </section>
  );
}
