/** Is Node.js new enough? */
import { type Finding, fail, ok } from './finding.ts';

const least = [20, 19] as const;

/** @param version  as `process.versions.node` */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > least[0] || (major === least[0] && minor >= least[1]);
  if (isNew) return ok('node', `Node.js ${version}`);
  return fail('node', 'TOOL_MISSING', `Node.js ${version} is too old`, `Install Node.js ${least.join('.')} or newer.`);
}
