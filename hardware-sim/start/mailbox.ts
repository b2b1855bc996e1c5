/** The mailbox of a street: the cloud sends its e-mail there, and the owner has an address in it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Mailbox, openMailbox } from '../mail/mailbox.ts';
import { mustHave } from '../people/http.ts';
import type { Owner } from '../people/owner.ts';
import type { StreetPaths } from './settings.ts';

const Ports = v.strictObject({ smtp: v.number(), http: v.number() });
const Settings = v.object({ mail: v.nullable(v.object({ proven: v.boolean() })) });

const ownAddress = 'owner@street.example';

/** Opens it at the ports of before, and writes down for the cloud where it is. @returns the cloud's configuration file, too */
export async function openStreetMailbox({ people, root }: StreetPaths): Promise<{ mailbox: Mailbox; config: string }> {
  const [file, config] = [join(people, 'mailbox.json'), join(root, 'cloud.json')];
  const before = existsSync(file) ? v.parse(Ports, JSON.parse(readFileSync(file, 'utf8'))) : {};
  const mailbox = await openMailbox(before);
  const ports = { smtp: mailbox.smtpPort, http: Number(new URL(mailbox.url).port) };
  writeFileSync(file, JSON.stringify(ports), { mode: 0o600 });
  const smtp = { host: '127.0.0.1', port: mailbox.smtpPort, tls: 'none', from: 'doorward@street.example' };
  writeFileSync(config, JSON.stringify({ smtp, pushLoopback: true, webhookReach: 'loopback' }, null, 2), {
    mode: 0o600,
  });
  return { mailbox, config };
}

/** The owner's phone gives its address and types the code that came, once. */
export async function giveAddress({ http, keys, pinned }: Owner, mailbox: Mailbox): Promise<void> {
  const path = `/v1/homes/${pinned.home}/notifications`;
  const { mail } = mustHave(await http.call({ method: 'GET', path, proof: keys.sign }, Settings));
  if (mail?.proven) return;
  const body = { address: ownAddress };
  mustHave(await http.call({ method: 'PUT', path: `${path}/mail`, body, proof: keys.sign }, Settings));
  const code = /\b\d{6}\b/.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '';
  mustHave(await http.call({ method: 'POST', path: `${path}/mail/code`, body: { code }, proof: keys.sign }, Settings));
}
