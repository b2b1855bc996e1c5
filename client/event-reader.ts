/** Cuts the text of an event stream into events (WHATWG HTML section 9.2.6). */

export interface RawEvent {
  readonly id: number;
  readonly type: string;
  readonly data: string;
}

export class EventReader {
  #rest = '';
  #id = 0;
  #type = '';
  #data: string[] = [];

  /** @returns the events that this text completes */
  push(text: string): RawEvent[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const events: RawEvent[] = [];
    for (const line of lines) {
      const [, field, value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      if (field === 'data') this.#data.push(value);
      else if (field === 'event') this.#type = value;
      else if (field === 'id') this.#id = Number(value);
      else if (line === '') {
        if (this.#data.length > 0) events.push({ id: this.#id, type: this.#type, data: this.#data.join('\n') });
        [this.#type, this.#data] = ['', []];
      }
    }
    return events;
  }
}
