#!/usr/bin/env node
/** `doorward <noun> <verb>`: finds the command, reads its flags, runs it, turns faults into exit codes. */
import { jack } from 'jackspeak';
import { Fault, faults } from '../../wire/faults.ts';
import type { Command } from './command.ts';
import { keepHeapSmall } from './small-heap.ts';
import { terminal } from './terminal.ts';

/** Noun and verb -> what does it. Loaded when it is asked for: what a command does not need costs it neither time nor memory. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./doctor.ts')).doctor,
  'hub run': async () => (await import('./hub-run.ts')).hubRun,
  'hub enroll': async () => (await import('./hub-enroll.ts')).hubEnroll,
  'owner handover': async () => (await import('./owner-handover.ts')).ownerHandover,
  'lock status': async () => (await import('./lock-status.ts')).lockStatus,
  'lock test': async () => (await import('./lock-test.ts')).lockTest,
  'lock scan': async () => (await import('./lock-scan.ts')).lockScan,
  'lock pair': async () => (await import('./lock-pair.ts')).lockPair,
  'lock unpair': async () => (await import('./lock-unpair.ts')).lockUnpair,
  'report verify': async () => (await import('./report-verify.ts')).reportVerify,
  'evidence verify': async () => (await import('./evidence-verify.ts')).evidenceVerify,
  'door add': async () => (await import('./door-add.ts')).doorAdd,
  'door list': async () => (await import('./door-list.ts')).doorList,
  'door remove': async () => (await import('./door-remove.ts')).doorRemove,
  'camera test': async () => (await import('./camera-test.ts')).cameraTest,
  'pages check': async () => (await import('./pages-check.ts')).pagesCheck,
  'journal tail': async () => (await import('./journal-tail.ts')).journalTail,
  'journal verify': async () => (await import('./journal-verify.ts')).journalVerify,
  'journal export': async () => (await import('./journal-export.ts')).journalExport,
};

const overview = async (): Promise<string> => {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...all.map((one) => signature(one).length));
  const rows = all.map((one) => `  doorward ${signature(one).padEnd(width)}  ${one.says}`);
  return ['Usage: doorward <noun> <verb> [flags]', '', ...rows, '', 'Add --help to a command for its flags.'].join(
    '\n',
  );
};

const signature = (command: Command): string =>
  [
    command.noun,
    ...(command.verb === '' ? [] : [command.verb]),
    ...command.args.map((arg) => (arg.endsWith('?') ? `[${arg.slice(0, -1)}]` : `<${arg}>`)),
  ].join(' ');

function readFlags(command: Command, argv: string[]) {
  const flags = command
    .flags(jack({ usage: `doorward ${signature(command)} [flags]` }).description(command.says))
    .flag({ help: { short: 'h', description: 'Show this help.' }, json: { description: 'Answer in JSON.' } })
    .flag({ yes: { description: 'Do not ask before something moves or is erased.' } })
    .opt({
      config: { hint: 'file', description: 'Configuration file; else DOORWARD_CONFIG, else /etc/doorward/hub.json.' },
    });
  try {
    return { usage: flags.usage(), parsed: flags.parseRaw(argv) };
  } catch (cause) {
    throw new Fault('USAGE', { why: cause instanceof Error ? cause.message.split('\n')[0]! : 'flags' }, { cause });
  }
}

async function main(argv: readonly string[]): Promise<void> {
  const [noun, verb] = argv;
  /** `doctor` is a command of one word. */
  const words = noun !== undefined && Object.hasOwn(commands, noun) ? 1 : 2;
  const asked = argv.slice(0, words).join(' ');
  const load = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (load === undefined) {
    if (noun === undefined || noun === '--help' || noun === '-h' || noun === 'help') {
      process.stdout.write(`${await overview()}\n`);
      return;
    }
    process.stderr.write(`${await overview()}\n\n`);
    throw new Fault('USAGE', { why: `there is no command "${[noun, verb].join(' ').trim()}"` });
  }
  const command = await load();
  const { usage, parsed } = readFlags(command, argv.slice(words));
  if (parsed.values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const needed = command.args.filter((arg) => !arg.endsWith('?')).length;
  if (parsed.positionals.length < needed || parsed.positionals.length > command.args.length) {
    throw new Fault('USAGE', { why: `write: doorward ${signature(command)}` });
  }
  const json = parsed.values.json === true;
  await command.run({
    flags: parsed.values,
    args: parsed.positionals,
    json,
    ...terminal(json, parsed.values.yes === true),
  });
}

try {
  keepHeapSmall();
  await main(process.argv.slice(2));
} catch (error) {
  const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
  const { says, exit } = faults[fault.code];
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ok: false, code: fault.code, says, detail: fault.detail })}\n`);
  }
  const detail = Object.entries(fault.detail).map(([name, value]) => `${name}: ${value}`);
  process.stderr.write(`doorward: ${says}${detail.length > 0 ? ` (${detail.join(', ')})` : ''} [${fault.code}]\n`);
  if (fault.code === 'INTERNAL' && fault.cause instanceof Error) process.stderr.write(`${fault.cause.stack}\n`);
  process.exitCode = exit;
}
