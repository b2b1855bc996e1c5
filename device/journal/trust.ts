/** The documents in force and the few numbers beside them: one row each, replaced whole. */
import type { Database, Sql } from './database.ts';
import type { NumberKept, TrustStore } from './journal.ts';

const replaceDocument =
  'INSERT INTO document (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text';
const replaceNumber =
  'INSERT INTO number (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';

/** Keeps a number; for a transaction that is open. */
export function keepNumber(sql: Sql, { name, value }: NumberKept): void {
  sql.run(replaceNumber, name, Math.floor(value));
}

export const makeTrustStore = (database: Database): TrustStore => ({
  document: (name) =>
    database.read((sql) => sql.get<{ text: string }>('SELECT text FROM document WHERE name = ?', name)?.text),
  keepDocument: (name, text) => {
    database.write((sql) => sql.run(replaceDocument, name, text));
  },
  number: (name) =>
    database.read((sql) => sql.get<{ value: number }>('SELECT value FROM number WHERE name = ?', name)?.value ?? 0),
  keepNumber: (name, value) => {
    database.write((sql) => keepNumber(sql, { name, value }));
  },
});
