/**
 * The first layout of the hub's file.
 *
 * | table | holds |
 * |---|---|
 * | `journal` | one row an entry: its text exactly as hashed, the hash, and what is searched for, read out of the text itself |
 * | `floor` | one row: the entry before the first kept one; at the start, the genesis hash |
 * | `ack_mark` | when the cloud had acknowledged how much: what retention counts from |
 * | `grant_use`, `rule_visit` | how often a grant was used, how many visits a rule has had |
 * | `ended` | what was ended for good |
 * | `document`, `number` | signed documents in force, and a few numbers |
 *
 * A row of `journal` never changes, and goes only when `floor` has passed it.
 */
export const sql = `
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  hash TEXT NOT NULL,
  door TEXT AS (text ->> '$.door') VIRTUAL,
  visit TEXT AS (text ->> '$.visit') VIRTUAL,
  kind TEXT AS (text ->> '$.kind') VIRTUAL
) STRICT;
CREATE INDEX journal_door ON journal (door) WHERE door IS NOT NULL;
CREATE INDEX journal_visit ON journal (visit) WHERE visit IS NOT NULL;

CREATE TABLE floor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  hub TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
WHEN OLD.seq > (SELECT seq FROM floor)
BEGIN SELECT RAISE(ABORT, 'the journal is append only'); END;
CREATE TRIGGER floor_only_rises BEFORE UPDATE ON floor
WHEN NEW.seq < OLD.seq OR NEW.hub <> OLD.hub
BEGIN SELECT RAISE(ABORT, 'the floor only rises'); END;

CREATE TABLE ack_mark (at INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

CREATE TABLE grant_use (
  grant_id TEXT PRIMARY KEY,
  uses INTEGER NOT NULL,
  exp INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_use_exp ON grant_use (exp);
CREATE TABLE rule_visit (rule TEXT PRIMARY KEY, visits INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE ended (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  until INTEGER,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
