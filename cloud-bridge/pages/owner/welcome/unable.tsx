/** A browser that lacks what the app cannot do without. */
import type { LanguageCode } from '../../common/language.ts';
import { welcomeWords } from './words.ts';

export const Unable = ({ code }: { readonly code: LanguageCode }) => (
  <main class="welcome">
    <h1>Doorward</h1>
    <p>{welcomeWords[code].unable}</p>
  </main>
);
