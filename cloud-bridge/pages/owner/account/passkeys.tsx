/** The passkeys of the account. One that this device came by stays, and so does the last. */
import { addPasskey, removePasskey } from '../device/account.ts';
import type { Api } from '../device/api.ts';
import { useApp, useNow } from '../app.ts';
import { sayAge } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import type { PartProps } from './screen.tsx';
import { words } from './words.ts';

export function Passkeys({ api, view, busy, act }: PartProps & { readonly api: Api }) {
  const says = useWords(words);
  const { code } = useApp();
  const now = useNow(60_000);
  const ids = view.passkeys.map(({ id }) => id);
  return (
    <section class="card" aria-labelledby="account-passkeys">
      <h2 id="account-passkeys">{says.passkeys}</h2>
      <ul class="rows">
        {view.passkeys.map(({ id, usedAt, current }, at) => (
          <li class="row" key={id}>
            <span>
              <strong>{current ? says.thisPasskey : fill(says.passkey, { n: at + 1 })}</strong>
              <br />
              <span class="quiet">{fill(says.used, { age: sayAge(code, now - usedAt) })}</span>
            </span>
            {!current && (
              <button
                type="button"
                class="plain small"
                disabled={busy}
                aria-label={`${says.remove}: ${fill(says.passkey, { n: at + 1 })}`}
                onClick={() => act(() => removePasskey(api, id))}
              >
                {says.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
      <button type="button" class="plain" disabled={busy} onClick={() => act(() => addPasskey(api, 'Doorward', ids))}>
        {says.add}
      </button>
      <p class="quiet">{says.passkeysText}</p>
    </section>
  );
}
