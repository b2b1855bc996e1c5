/** What a device sees that is not signed in at a home. */
import { useApp } from '../app.ts';
import { Icon } from '../icon.tsx';
import { Languages } from '../languages.tsx';
import { go } from '../route.ts';
import { type ScreenName, type ScreenRow, screens } from '../screens.ts';
import { useWords } from '../use-words.ts';
import { AskedForPasskey } from './passkey.tsx';
import { Claiming, NotTaken, TakeOver, Taken } from './take-over.tsx';
import { TypedCode } from './typed-code.tsx';
import { welcomeWords } from './words.ts';

/** Screens that need no home: signing in to an account, recovery. */
const always = (screens as readonly ScreenRow[]).filter(({ needs }) => needs === 'nothing');

function Stage() {
  const { known, code } = useApp();
  const says = useWords(welcomeWords);
  const { stage } = known;
  if (stage.at === 'invited' || stage.at === 'out') return <AskedForPasskey {...stage} />;
  if (stage.at === 'handover') return <TakeOver stage={stage} />;
  if (stage.at === 'claiming') return <Claiming />;
  if (stage.at === 'taken') return <Taken />;
  if (stage.at === 'not-taken') return <NotTaken code={stage.code} />;
  const isRefused = stage.at === 'refused';
  const [title, text] = isRefused
    ? [says[stage.what], says[`${stage.what}Text`]]
    : stage.at === 'asking'
      ? [says.asking, says.askingText]
      : stage.at === 'alone'
        ? [says.alone, says.aloneText]
        : ['Doorward', says.starting];
  return (
    <>
      <h1>{title}</h1>
      <p>{text}</p>
      {stage.at === 'asking' && <p class="letters">{stage.letters}</p>}
      <p class="quiet" role="status">
        {stage.at === 'asking' ? says.waiting : isRefused ? stage.code : ''}
      </p>
      {stage.at === 'alone' && <TypedCode />}
      {(stage.at === 'alone' || isRefused) &&
        always.map((one) => (
          <button type="button" class="plain" key={one.name} onClick={() => go(one.name as ScreenName)}>
            {one.label[code]}
          </button>
        ))}
    </>
  );
}

export function Welcome() {
  const { known } = useApp();
  return (
    <main class="welcome" data-stage={known.stage.at}>
      <header>
        <span class="brand">
          <Icon of="door" />
          Doorward
        </span>
        <Languages />
      </header>
      <section>
        <Stage />
      </section>
    </main>
  );
}
