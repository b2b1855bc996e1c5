/** What came of the last act of somebody: in words, and with the code of the system's own answer. */
import type { Said as Told } from '../told.ts';

export const Said = ({ said }: { readonly said: Told | undefined }) => (
  <p class={said === undefined || said.isGood ? 'said' : 'said bad'} role="status">
    {said !== undefined && (
      <>
        {said.text} {said.code !== undefined && <code>{said.code}</code>}
      </>
    )}
  </p>
);
