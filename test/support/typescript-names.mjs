/** Prints what each library in a script exports: `node typescript-names.mjs SCRIPT`. */
import { moduleOf } from './typescript-run.mjs';
import { libraries } from './typescript-tree.mjs';

const [script] = process.argv.slice(2);
const names = (library) => Object.keys(moduleOf(script, library)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
process.stdout.write(JSON.stringify(Object.fromEntries(libraries.map((library) => [library, names(library)]))));
