/** What the owner's page is made of, as one script that a test runs inside it: the page's own code, its keys and its origin. */
import { resolve } from 'node:path';
import { build } from 'esbuild';

const parts = ['account', 'api', 'documents', 'join', 'keys', 'widening'];

/** @returns a script after which `globalThis.doorward` holds every export of these parts, the forms that they sign, and a schema for `anything` */
export async function pageScript(): Promise<string> {
  const folder = resolve(import.meta.dirname, '../../../cloud-bridge/pages/owner/device');
  const wire = ['invitation', 'passkey', 'rule-book'];
  const from = [...parts.map((name) => `./${name}.ts`), ...wire.map((name) => `../../../../wire/${name}.ts`)];
  const lines = [
    ...from.map((path, at) => `import * as p${at} from '${path}';`),
    "import { unknown } from 'valibot';",
    `globalThis.doorward = { ${from.map((_, at) => `...p${at}`)}, anything: unknown() };`,
  ];
  const made = await build({
    stdin: { contents: lines.join('\n'), resolveDir: folder },
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser', target: 'es2023', logLevel: 'silent' },
    // What of wire/ only runs in Node is in it, and never called.
    external: ['node:*'],
    banner: { js: 'globalThis.require ??= () => ({});' },
  });
  return made.outputFiles[0]!.text;
}
