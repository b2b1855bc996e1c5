import { spawn } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { verifyStore } from '../../../device/journal/verify.ts';
import { fromEntryText } from '../../../wire/journal.ts';
import { typescript } from '../../support/node.ts';
import { hubId, makeFolder } from './made.ts';

const child = join(import.meta.dirname, 'append-child.ts');

/** Lets a child append and kills it once it has said `lines` times that something is durable. @returns the last it said */
function appendUntilKilled(path: string, lines: number): Promise<{ seq: number; uses: number }> {
  const appending = spawn(process.execPath, [typescript, child, path, hubId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    appending.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('\n').length > lines) appending.kill('SIGKILL');
    });
    appending.on('close', (code, signal) => {
      const [seq, uses] = (said.split('\n').at(-2) ?? '').split(' ').map(Number);
      if (signal !== 'SIGKILL' || seq === undefined || uses === undefined) reject(signal ?? code);
      else resolve({ seq, uses });
    });
  });
}

t.test(
  'a process killed while it appends loses nothing that it was told is durable, and doubles nothing',
  async (t) => {
    const path = join(makeFolder(t), 'journal.db');
    for (const lines of [1, 2, 3, 7, 19, 40, 101, 260]) {
      const said = await appendUntilKilled(path, lines);
      const store = openHubStore(path, hubId);
      const head = store.journal.head();
      t.ok(head.seq >= said.seq, `entry ${said.seq} is there`);
      // The kill may fall between a commit and its line: one more call, whole or not at all.
      t.ok(head.seq <= said.seq + 3);
      const entries = store.journal.read(1, head.seq + 10).map((text) => {
        const read = fromEntryText(text);
        return read.ok ? read.value : undefined;
      });
      t.same(
        entries.map((entry) => entry?.body.n),
        entries.map((_, index) => index + 1),
        'each once, in order',
      );
      const calls = new Set<number>();
      for (let seq = 1; seq <= head.seq; seq += 1 + (seq % 3)) calls.add(seq);
      t.equal(store.grants.usesOf('g'), calls.size, 'with each call its use');
      t.equal(store.grants.visitsOf('r'), calls.size);
      const verdict = await verifyStore(store);
      t.ok(verdict.ok);
      store.close();
    }
  },
);
