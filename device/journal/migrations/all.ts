/** Every step of the layout, in order; `user_version` counts how many a file has had. A step that shipped is never edited. */
import * as first from './0001-journal.ts';

export const migrations: readonly string[] = [first.sql];
