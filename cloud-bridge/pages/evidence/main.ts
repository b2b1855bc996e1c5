/** Checks an evidence file that somebody chooses or drops. It runs from the disk, and has no network to ask. */
import { maxPackChars } from '../../../wire/evidence.ts';
import { verifyEvidence } from '../../../wire/verify-evidence.ts';
import { sayEvidence } from '../common/evidence/say.ts';
import { type Code, words } from './words.ts';

const at = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const codes = Object.keys(words) as Code[];
const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
let code: Code = wanted.map((tag) => codes.find((one) => one === tag)).find((one) => one !== undefined) ?? 'en';
let text: string | undefined;
let turn = 0;

const put = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

function element(tag: string, content: string | readonly HTMLElement[], className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (typeof content === 'string') made.textContent = content;
  else made.append(...content);
  return made;
}

const list = (lines: readonly string[]): HTMLElement =>
  element(
    'ul',
    lines.map((line) => element('li', line)),
  );

/** Without it every good signature would look forged. */
async function canCheck(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

async function resultOf(file: string): Promise<readonly HTMLElement[]> {
  const says = words[code];
  if (!(await canCheck())) return [element('p', says.unable, 'trouble')];
  const root = at<HTMLInputElement>('root').value.trim();
  const verdict = await verifyEvidence(file, root === '' ? {} : { root });
  if (!verdict.ok) return [element('p', put(says.bad, { code: verdict.code }), 'trouble')];
  const { keys, rootHash } = verdict.value;
  const { head, who, how, not } = sayEvidence(says.evidence, code, verdict.value);
  return [
    element('p', says.evidence.whole, 'good'),
    element('p', root === '' ? put(says.own, { root: rootHash }) : says.same),
    element('h2', head),
    ...[element('h3', says.evidence.who), list(who)],
    ...[element('h3', says.evidence.how), list(how)],
    ...[element('h3', says.evidence.not), list(not)],
    element('p', says.evidence.contents),
    element('p', put(says.signed, { cloud: keys.cloud, hub: keys.hub }), 'quiet'),
  ];
}

async function check(): Promise<void> {
  turn += 1;
  const mine = turn;
  const shown = text === undefined ? [] : await resultOf(text);
  if (mine === turn) at('result').replaceChildren(...shown);
}

async function take(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  // Of one that is too big no more is read than says so.
  text = await file.slice(0, maxPackChars * 4).text();
  await check();
}

function speak(): void {
  const says = words[code];
  document.documentElement.lang = code;
  document.title = says.title;
  const labels = { 'language-label': says.language, 'file-label': says.file, 'root-label': says.root };
  const rest = { title: says.title, intro: says.intro, 'root-text': says.rootText };
  for (const [id, said] of Object.entries({ ...labels, ...rest })) at(id).textContent = said;
  void check();
}

const language = at<HTMLSelectElement>('language');
for (const one of codes) language.add(new Option(words[one].name, one, one === code, one === code));
language.addEventListener('change', () => {
  code = codes.find((one) => one === language.value) ?? 'en';
  speak();
});
at<HTMLInputElement>('file').addEventListener('change', ({ currentTarget }) => {
  void take((currentTarget as HTMLInputElement).files?.[0]);
});
at('root').addEventListener('input', () => void check());
const drop = at('drop');
for (const kind of ['dragover', 'dragleave', 'drop'] as const) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', kind === 'dragover');
    if (kind === 'drop') void take(event.dataTransfer?.files[0]);
  });
}
speak();
