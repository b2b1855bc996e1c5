/** The wait after the ring, as a ring that fills calmly: whoever waits sees how long still, in every language (S071). */

const round = 2 * Math.PI * 26;
/** The longest wait that an owner can set, ms; a shorter one fills from where it is. */
const wholeMs = 60_000;

export function Ring({ now, until }: { readonly now: number; readonly until: number }) {
  const left = Math.max(0, until - now);
  const share = 1 - Math.min(1, left / wholeMs);
  const seconds = Math.ceil(left / 1000);
  return (
    <svg class="drawing ring" viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="32" cy="32" r="26" class="rest" />
      <circle cx="32" cy="32" r="26" stroke-dasharray={`${round * share} ${round}`} transform="rotate(-90 32 32)" />
      {seconds > 0 && (
        <text x="32" y="38">
          {seconds}
        </text>
      )}
      {seconds === 0 && <path d="M20 33l9 9 16-19" />}
    </svg>
  );
}
