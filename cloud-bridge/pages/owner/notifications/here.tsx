/** Whether this browser is told. */
import { useState } from 'preact/hooks';
import { useWords } from '../use-words.ts';
import type { PartProps } from './screen.tsx';
import { pushAbility, subscribe, unsubscribe } from './subscribe.ts';
import { words } from './words.ts';

export function Here({ client, settings, take }: PartProps) {
  const says = useWords(words);
  const [said, say] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const ability = pushAbility();

  const turnOn = async (): Promise<void> => {
    setBusy(true);
    const push = await subscribe(settings.pushKey);
    const isOn = push !== undefined && (await take(client.set({ push })));
    say(isOn ? undefined : says.notNow);
    setBusy(false);
  };
  const turnOff = async (): Promise<void> => {
    setBusy(true);
    if (await take(client.set({ push: null }))) await unsubscribe();
    setBusy(false);
  };
  const test = async (): Promise<void> => {
    const told = await client.test();
    say(told.ok && told.value.told ? says.tested : says.notNow);
  };

  return (
    <section class="card" aria-labelledby="notice-here">
      <h2 id="notice-here">{says.here}</h2>
      {settings.push ? (
        <>
          <p>{says.on}</p>
          <div class="row">
            <button type="button" class="plain small" onClick={() => void test()}>
              {says.test}
            </button>
            <button type="button" class="plain small" aria-busy={isBusy} onClick={() => void turnOff()}>
              {says.turnOff}
            </button>
          </div>
        </>
      ) : ability === 'possible' ? (
        <button type="button" class="plain" aria-busy={isBusy} onClick={() => void turnOn()}>
          {says.turnOn}
        </button>
      ) : (
        <p class="quiet">{says[ability]}</p>
      )}
      {settings.failing !== null && <p class="quiet">{says.failing}</p>}
      <p role="status">{said}</p>
    </section>
  );
}
