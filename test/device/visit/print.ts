/** Prints the table of the visit machine into docs/visit.md: `node --import=tsx test/device/visit/print.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Cell, events, expected, type Place } from './table.ts';

export const page = resolve(import.meta.dirname, '../../../docs/visit.md');
const begin = '<!-- printed: test/device/visit/print.ts -->\n';
const end = '<!-- end of print -->\n';

type EventName = keyof typeof events;
const places = Object.keys(expected) as Place[];
const names = Object.keys(events) as EventName[];
const atOf = (place: string): string => place.split(':')[0]!;

/** Which events lead from one state to another, phases left out. */
function arrows(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const from of places) {
    for (const name of names) {
      const to: Cell = expected[from][name];
      if (to === '-' || atOf(to) === atOf(from)) continue;
      const arrow = `${atOf(from)} --> ${atOf(to)}`;
      const list = found.get(arrow) ?? [];
      if (!list.includes(name)) list.push(name);
      found.set(arrow, list);
    }
  }
  return found;
}

function diagram(): string {
  const lines = [...arrows()].map(([arrow, by]) => {
    const shown = by.length > 3 ? [...by.slice(0, 3), '...'] : by;
    return `  ${arrow}: ${shown.join(' / ')}`;
  });
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> unsecured: restarted', ...lines, '```'].join('\n');
}

function table(): string {
  const rows = places.map((from) => {
    const moves = names
      .filter((name) => expected[from][name] !== '-')
      .map((name) => `${name} → **${expected[from][name]}**`);
    return `| ${from} | ${moves.join('<br>')} |`;
  });
  return ['| state | event → next state; every other event keeps it |', '|---|---|', ...rows].join('\n');
}

/** The page with the printed part put in place. */
export function printed(text: string): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) return text;
  return `${before}${begin}\n${diagram()}\n\n${table()}\n\n${end}${after}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, printed(readFileSync(page, 'utf8')));
