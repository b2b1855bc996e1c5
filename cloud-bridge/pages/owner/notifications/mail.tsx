/** The e-mail address of this device: it counts once the code that was sent there is typed. */
import { useState } from 'preact/hooks';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import type { PartProps } from './screen.tsx';
import { words } from './words.ts';

export function Mail({ client, settings, take }: PartProps) {
  const says = useWords(words);
  const [typed, type] = useState('');
  const [said, say] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { mail } = settings;
  const isWaiting = mail !== null && !mail.proven;

  const send = async (event: Event, what: 'address' | 'code'): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const isTaken = await take(what === 'address' ? client.mail(typed.trim()) : client.code(typed.replace(/\D/g, '')));
    say(isTaken ? undefined : what === 'address' ? says.notNow : says.codeWrong);
    if (isTaken) type('');
    setBusy(false);
  };
  const remove = async (): Promise<void> => {
    if (await take(client.mail(null))) say(undefined);
  };

  if (!settings.mailPossible)
    return (
      <section class="card" aria-labelledby="notice-mail">
        <h2 id="notice-mail">{says.mail}</h2>
        <p class="quiet">{says.mailImpossible}</p>
      </section>
    );
  return (
    <section class="card" aria-labelledby="notice-mail">
      <h2 id="notice-mail">{says.mail}</h2>
      {mail !== null && <p>{fill(mail.proven ? says.mailTo : says.codeSent, { address: mail.address })}</p>}
      {mail === null && (
        <form class="notice-form" onSubmit={(event) => void send(event, 'address')}>
          <label for="notice-address">{says.address}</label>
          <input
            id="notice-address"
            type="email"
            autocomplete="email"
            required
            maxLength={254}
            value={typed}
            onInput={({ currentTarget }) => type(currentTarget.value)}
          />
          <button type="submit" class="plain small" aria-busy={isBusy}>
            {says.sendCode}
          </button>
        </form>
      )}
      {isWaiting && (
        <form class="notice-form" onSubmit={(event) => void send(event, 'code')}>
          <label for="notice-code">{says.code}</label>
          <input
            id="notice-code"
            type="text"
            inputMode="numeric"
            autocomplete="one-time-code"
            required
            pattern="\s*(\d\s*){6}"
            value={typed}
            onInput={({ currentTarget }) => type(currentTarget.value)}
          />
          <button type="submit" class="plain small" aria-busy={isBusy}>
            {says.confirm}
          </button>
        </form>
      )}
      <p role="status">{said}</p>
      {mail !== null && (
        <button type="button" class="plain small" onClick={() => void remove()}>
          {says.remove}
        </button>
      )}
    </section>
  );
}
