/** The language that the app speaks. */
import { Languages as Chooser } from '../common/languages.tsx';
import { useApp } from './app.ts';
import { frameWords } from './frame-words.ts';
import { useWords } from './use-words.ts';

export function Languages() {
  const { code, speak } = useApp();
  return <Chooser code={code} speak={speak} says={useWords(frameWords).language} />;
}
