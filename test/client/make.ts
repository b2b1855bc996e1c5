/** `npm run client`: writes client/api.ts anew. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { carrierCodes, documentOf } from './document.ts';
import { toTypes } from './to-types.ts';

const ends: (() => unknown)[] = [];
const document = await documentOf({ teardown: (end: () => unknown) => void ends.push(end) } as never);
const file = resolve(import.meta.dirname, '../../client/api.ts');
writeFileSync(file, toTypes(document, carrierCodes));
execFileSync('npx', ['biome', 'check', '--write', file], { stdio: 'ignore' });
for (const end of ends.reverse()) await end();
