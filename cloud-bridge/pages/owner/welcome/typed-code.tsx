/** A field for the text below the QR code of a hand-over, where nothing can be scanned. */
import { useState } from 'preact/hooks';
import { readHandoverText, toHandoverFragment } from '../../../../wire/handover-link.ts';
import { useApp } from '../app.ts';
import { Typed } from '../typed.tsx';
import { useWords } from '../use-words.ts';
import { handoverWords } from './handover-words.ts';

/** Scheme, host and port of what somebody typed; a scheme that was left out is https. */
function originOf(typed: string): string | undefined {
  const url = /^https?:\/\//i.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`;
  return typed.trim() !== '' && URL.canParse(url) ? new URL(url).origin : undefined;
}

export function TypedCode() {
  const { course } = useApp();
  const says = useWords(handoverWords);
  const [text, type] = useState('');
  const [service, name] = useState('');
  const [missing, tell] = useState<'' | 'code' | 'service'>('');
  const goOn = (): void => {
    const read = readHandoverText(text);
    if (!read.ok) return tell('code');
    const api = read.value.api ?? originOf(service);
    if (api === undefined) return tell('service');
    course.open(toHandoverFragment({ ...read.value, api }));
  };
  return (
    <details>
      <summary>{says.standing}</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        <Typed label={says.field} value={text} longest={1024} type={type} aria-describedby="missing" />
        {missing === 'service' && (
          <Typed label={says.service} value={service} longest={256} type={name} inputmode="url" />
        )}
        <p id="missing" role="status">
          {missing === 'code' ? says.cut : missing === 'service' ? says.whichService : ''}
        </p>
        <button type="submit" class="plain" disabled={text === ''}>
          {says.next}
        </button>
      </form>
    </details>
  );
}
