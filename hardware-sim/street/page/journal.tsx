/** The hub's journal as the owner's phone verified it, the newest line first. */
import type { StreetTold } from '../told.ts';
import { clockTime } from './words.ts';

export function Journal({ told: { journal } }: { readonly told: StreetTold }) {
  const newest = [...journal.lines].reverse();
  return (
    <section class="card journal" aria-labelledby="journal-name">
      <header>
        <h2 id="journal-name">Journal</h2>
        <p>
          {journal.breaks.length > 0
            ? `The chain broke: ${journal.breaks.join(', ')}`
            : 'Written before anything opens. Every line checked by the owner’s phone.'}
        </p>
      </header>
      <ol tabIndex={0} aria-labelledby="journal-name">
        {newest.map(({ seq, atMs, who, what, facts, isBad, isSealed }) => {
          const isSigned = seq <= journal.signedTo;
          return (
            <li key={seq} class={isBad ? 'bad' : ''} data-seq={seq}>
              <time>{atMs === undefined ? '–' : clockTime(atMs)}</time>
              <b data-who={who}>{who}</b>
              <span>
                {isBad && <span class="sr">Attention: </span>}
                {what}
                {facts !== '' && <small> {facts}</small>}
                {isSealed && <em>sealed for the owner</em>}
              </span>
              <abbr title={isSigned ? 'In the chain, and the hub’s signature stands under it' : 'In the chain; the next signature will cover it'}>
                {isSigned ? '✓✓' : '✓'}
              </abbr>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
