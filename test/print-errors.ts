/** Prints docs/errors.md from the fault table: `node --import=tsx test/print-errors.ts > docs/errors.md`. */
import { pathToFileURL } from 'node:url';
import { type FaultCode, faults } from '../wire/faults.ts';

const blames = {
  caller: 'the one who asked',
  peer: 'the far side of a protocol',
  link: 'the connection between',
  device: 'a device at the door',
  hub: 'the hub itself',
  cloud: 'the cloud service',
} as const;

const retries = {
  never: 'the same request fails again',
  later: 'wait, then try again',
  fresh: 'ask again with a new nonce or document',
} as const;

const row = (code: FaultCode): string => {
  const { blame, retry, http, exit, says } = faults[code];
  return `| \`${code}\` | ${says} | ${blame} | ${retry} | ${http} | ${exit} |`;
};

/** @returns the text of docs/errors.md */
export const errorsPage = (): string => `# Errors

Every way in which Doorward says no. The code is the same everywhere: in an answer of the API (\`code\`, as RFC 9457 problem details),
in the journal, in the log and on the command line. A code is never reused for another meaning. Printed from \`wire/faults.ts\`.

\`blame\` names whose fault it is: ${list(blames)}.
\`retry\` says what helps: ${list(retries)}.
\`HTTP\` is the status of the API's answer, \`exit\` the exit code of the command line.

| code | what is wrong, and what to do | blame | retry | HTTP | exit |
|---|---|---|---|---|---|
${(Object.keys(faults) as FaultCode[]).map(row).join('\n')}
`;

function list(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([word, means]) => `\`${word}\` ${means}`)
    .join(', ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(errorsPage());
