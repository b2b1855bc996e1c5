/** Counts and ends, kept beside the journal so that a use and the entry that tells of it are one commit. */
import type { Database, Sql } from './database.ts';
import type { GrantStore, Use } from './journal.ts';

/** How much longer than a grant lives its count is kept, seconds: a clock that was a day ahead must not revive it. */
const graceSeconds = 86_400;

/** Counts one use; for a transaction that is open. */
export function countUse(sql: Sql, use: Use): void {
  countOne(sql, use.grant, use.grantExp);
  if (use.assignment !== undefined) countOne(sql, use.assignment.id, use.assignment.exp);
  if (!use.firstOfVisit) return;
  sql.run(
    'INSERT INTO rule_visit (rule, visits) VALUES (?, 1) ON CONFLICT (rule) DO UPDATE SET visits = visits + 1',
    use.rule,
  );
}

function countOne(sql: Sql, id: string, exp: number): void {
  sql.run(
    `INSERT INTO grant_use (grant_id, uses, exp) VALUES (?, 1, ?)
     ON CONFLICT (grant_id) DO UPDATE SET uses = uses + 1, exp = max(exp, excluded.exp)`,
    id,
    exp,
  );
}

export const makeGrantStore = (database: Database): GrantStore => ({
  usesOf: (grant) =>
    database.read(
      (sql) => sql.get<{ uses: number }>('SELECT uses FROM grant_use WHERE grant_id = ?', grant)?.uses ?? 0,
    ),
  visitsOf: (rule) =>
    database.read(
      (sql) => sql.get<{ visits: number }>('SELECT visits FROM rule_visit WHERE rule = ?', rule)?.visits ?? 0,
    ),
  isEnded: (kind, id) =>
    database.read((sql) => sql.get('SELECT 1 FROM ended WHERE kind = ? AND id = ?', kind, id) !== undefined),
  end: (kind, id, until) => {
    const forgettable = kind === 'grant' || kind === 'visit' ? (until ?? null) : null;
    // Ended twice with two times: the later one counts, and "never" is the latest.
    database.write((sql) =>
      sql.run(
        `INSERT INTO ended (kind, id, until) VALUES (?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET until = max(until, excluded.until)`,
        kind,
        id,
        forgettable,
      ),
    );
  },
  prune: (nowS) => {
    database.write((sql) => {
      sql.run('DELETE FROM grant_use WHERE exp <= ?', nowS - graceSeconds);
      sql.run('DELETE FROM ended WHERE until <= ?', nowS - graceSeconds);
    });
  },
});
