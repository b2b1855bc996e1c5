/** Where the account is logged in. What is logged out is out at once. */
import type { Api } from '../device/api.ts';
import { endSessions } from '../device/account.ts';
import { lettersOf } from '../device/letters.ts';
import { useApp, useNow } from '../app.ts';
import { sayAge } from '../times.ts';
import { fill } from '../words.ts';
import { useWords } from '../use-words.ts';
import type { PartProps } from './screen.tsx';
import { words } from './words.ts';

export function Sessions({ api, view, busy, act }: PartProps & { readonly api: Api }) {
  const says = useWords(words);
  const { code } = useApp();
  const now = useNow(60_000);
  const others = view.sessions.filter(({ current }) => !current);
  return (
    <section class="card" aria-labelledby="account-sessions">
      <h2 id="account-sessions">{says.sessions}</h2>
      <ul class="rows">
        {view.sessions.map(({ device, seenAt, current }) => (
          <li class="row" key={device}>
            <span>
              <strong>{current ? says.thisDevice : lettersOf(device)}</strong>
              <br />
              <span class="quiet">{fill(says.seen, { age: sayAge(code, now - seenAt) })}</span>
            </span>
            <button
              type="button"
              class="plain small"
              disabled={busy}
              aria-label={`${says.logOut}: ${current ? says.thisDevice : lettersOf(device)}`}
              onClick={() => act(() => endSessions(api, current ? 'this' : { device }))}
            >
              {says.logOut}
            </button>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <button type="button" class="plain" disabled={busy} onClick={() => act(() => endSessions(api, 'others'))}>
          {says.logOutOthers}
        </button>
      )}
      <p class="quiet">{says.sessionsText}</p>
    </section>
  );
}
