/** An invitation to be shown or sent: its QR code and its link. */
import { useState } from 'preact/hooks';
import { encode } from 'uqr';
import { useApp } from '../app.ts';
import { sayMoment } from '../times.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import type { Invitation } from './guests.ts';
import { guestWords } from './words.ts';

/** Dark modules as one path: no markup from outside, no picture to load. */
function pathOf(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { size, path };
}

interface CardProps {
  readonly invitation: Invitation;
  readonly who: string;
  readonly onDone: () => void;
}

export function InvitationCard({ invitation: { url, expires }, who, onDone }: CardProps) {
  const says = useWords(guestWords);
  const { code } = useApp();
  const [isCopied, copied] = useState(false);
  const { size, path } = pathOf(url);
  const time = sayMoment(code, expires * 1000, Date.now());
  return (
    <section class="card invitation">
      <h2>{fill(says.linkTitle, { who })}</h2>
      <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={says.qr} shape-rendering="crispEdges">
        <rect width={size} height={size} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <p class="quiet">{fill(says.linkNote, { time })}</p>
      <label class="sr" for="link">
        {fill(says.linkTitle, { who })}
      </label>
      <input id="link" type="text" readOnly value={url} onFocus={({ currentTarget }) => currentTarget.select()} />
      <div class="buttons">
        <button
          type="button"
          class="plain"
          onClick={() => void navigator.clipboard.writeText(url).then(() => copied(true), () => copied(false))}
        >
          {says.copy}
        </button>
        <button type="button" class="plain" onClick={onDone}>
          {says.done}
        </button>
      </div>
      <p class="quiet" role="status">
        {isCopied ? says.copied : ''}
      </p>
    </section>
  );
}
