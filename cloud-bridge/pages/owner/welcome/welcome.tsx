/** What a device sees that is not signed in at a home. */
import { useApp } from '../app.ts';
import { Icon } from '../icon.tsx';
import { Languages } from '../languages.tsx';
import { go } from '../route.ts';
import { type ScreenName, type ScreenRow, screens } from '../screens.ts';
import { useWords } from '../use-words.ts';
import { AskedForPasskey } from './passkey.tsx';
import { welcomeWords } from './words.ts';

/** Screens that need no home: signing in to an account, recovery. */
const always = (screens as readonly ScreenRow[]).filter(({ needs }) => needs === 'nothing');

export function Welcome() {
  const { known, code } = useApp();
  const says = useWords(welcomeWords);
  const { stage } = known;
  const isRefused = stage.at === 'refused';
  const [title, text] = isRefused
    ? [says[stage.what], says[`${stage.what}Text`]]
    : stage.at === 'asking'
      ? [says.asking, says.askingText]
      : stage.at === 'alone'
        ? [says.alone, says.aloneText]
        : ['Doorward', says.starting];
  return (
    <main class="welcome" data-stage={stage.at}>
      <header>
        <span class="brand">
          <Icon of="door" />
          Doorward
        </span>
        <Languages />
      </header>
      {stage.at === 'invited' || stage.at === 'out' ? (
        <section>
          <AskedForPasskey {...stage} />
        </section>
      ) : (
      <section>
        <h1>{title}</h1>
        <p>{text}</p>
        {stage.at === 'asking' && <p class="letters">{stage.letters}</p>}
        <p class="quiet" role="status">
          {stage.at === 'asking' ? says.waiting : isRefused ? stage.code : ''}
        </p>
        {(stage.at === 'alone' || isRefused) &&
          always.map((one) => (
            <button type="button" class="plain" key={one.name} onClick={() => go(one.name as ScreenName)}>
              {one.label[code]}
            </button>
          ))}
      </section>
      )}
    </main>
  );
}
