/** How a test starts a program of this tree in a process of its own. */

/** Before the file: Node runs its TypeScript, whatever the folder it starts in. */
export const typescript = `--import=${new URL('./typescript.mjs', import.meta.url).href}`;
