/** What a program said last on its standard error, fit to be shown. Pure. */

const lines = 5;
const lineChars = 200;

/** Names and passwords in addresses, and what follows as a key: cameras carry theirs in the address. */
const withoutSecrets = (line: string): string =>
  line
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*(?:\/[^\s@/]*)?@/gi, '$1…@')
    .replace(/([?&](?:[a-z_-]*(?:pass|pwd|token|key|auth|secret)[a-z_-]*)=)[^&\s]+/gi, '$1…');

export class LastWords {
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #open = '';

  push(chunk: Uint8Array): void {
    const parts = (this.#open + this.#decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    this.#open = (parts.pop() ?? '').slice(-4 * lineChars);
    this.#lines = [...this.#lines, ...parts.filter((part) => part.trim() !== '')].slice(-lines);
  }

  /** @returns the last lines, at most 5 of 200 characters, without passwords; '' when it said nothing */
  get text(): string {
    const all = this.#open.trim() === '' ? this.#lines : [...this.#lines, this.#open].slice(-lines);
    // What a program writes must not move the reader's cursor.
    return all
      .map((line) =>
        withoutSecrets(line)
          .replace(/\p{Cc}/gu, ' ')
          .slice(0, lineChars),
      )
      .join(' | ');
  }
}
