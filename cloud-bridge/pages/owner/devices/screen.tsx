/** Placeholder while the shell lands. */
export const Screen = () => <p class="quiet">…</p>;
