/** How long entries stay after the cloud has acknowledged them. */
import type { Database, Sql } from './database.ts';
import type { Retention } from './journal.ts';

/** Rows that one transaction deletes: the journal must not wait long behind it. */
const rowsAtOnce = 500;

export const makeRetention = (database: Database): Retention => ({
  prune: (nowMs, keepMs) => {
    const target = database.write((sql) => {
      sql.run(
        `INSERT INTO ack_mark (at, seq) SELECT ?, value FROM number WHERE name = 'acked'
         ON CONFLICT (at) DO UPDATE SET seq = min(seq, excluded.seq)`,
        Math.floor(nowMs),
      );
      return sql.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM ack_mark WHERE at <= ?', nowMs - keepMs)?.seq;
    });
    let gone = 0;
    for (let changes = rowsAtOnce; changes > 0; gone += changes) {
      changes = database.write((sql) => raiseFloor(sql, target ?? 0));
    }
    database.write((sql) => sql.run('DELETE FROM ack_mark WHERE at < ? AND seq <= ?', nowMs - keepMs, target ?? 0));
    return gone;
  },
});

/** Moves the floor up, at most to `target` and never to the head, then deletes what is below it: the one way that rows go. */
function raiseFloor(sql: Sql, target: number): number {
  const next = sql.get<{ seq: number; hash: string }>(
    `SELECT seq, hash FROM journal
     WHERE seq <= ? AND seq <= (SELECT seq FROM floor) + ? AND seq < (SELECT max(seq) FROM journal)
     ORDER BY seq DESC LIMIT 1`,
    target,
    rowsAtOnce,
  );
  if (next === undefined) return 0;
  sql.run('UPDATE floor SET seq = ?, hash = ?', next.seq, next.hash);
  return sql.run('DELETE FROM journal WHERE seq <= ?', next.seq).changes;
}
