/** Which language a page speaks, chosen by a pictogram. */
import { type LanguageCode, languageNames } from './language.ts';

export interface LanguagesProps {
  readonly code: LanguageCode;
  /** "Language", for who cannot see the pictogram. */
  readonly says: string;
  readonly speak: (code: LanguageCode) => void;
}

export const Languages = ({ code, says, speak }: LanguagesProps) => (
  <label class="language">
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18" />
    </svg>
    <span class="sr">{says}</span>
    <select value={code} onChange={(event) => speak(event.currentTarget.value as LanguageCode)}>
      {Object.entries(languageNames).map(([one, name]) => (
        <option value={one} lang={one} key={one}>
          {name}
        </option>
      ))}
    </select>
  </label>
);
