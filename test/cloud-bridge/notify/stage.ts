/** A home with two owner devices, a push service and a mailbox of the street, and a cloud that uses them. */
import type { Test } from 'tap';
import * as v from 'valibot';
import type { CloudConfigInput } from '../../../cloud-bridge/config/schema.ts';
import { type Mailbox, openMailbox } from '../../../hardware-sim/mail/mailbox.ts';
import { type Browser, openPushService, type PushServiceSim } from '../../../hardware-sim/push/service.ts';
import { PushMessage } from '../../../wire/notifications.ts';
import { makeHome } from '../support/home.ts';
import type { ScriptedHub } from '../support/hub.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { Owner } from '../support/people.ts';
import { makeWorld, until, type World } from '../support/world.ts';

export interface NoticeStage {
  readonly world: World;
  readonly hub: ScriptedHub;
  readonly first: Owner;
  readonly second: Owner;
  readonly service: PushServiceSim;
  readonly mailbox: Mailbox;
  /** Subscribes a device. */
  browserOf(owner: Owner, wish?: object): Promise<Browser>;
  /** Sets the address of a device and types the code. */
  mailTo(owner: Owner, address: string): Promise<void>;
}

/** What a browser was told, in order. */
export const toldTo = (browser: Browser): readonly PushMessage[] =>
  browser.pushed.map(({ text }) => v.parse(PushMessage, JSON.parse(text)));

/** @param settings  of the cloud, beside those for mail and push */
export async function openNoticeStage(t: Test, settings: Partial<CloudConfigInput> = {}): Promise<NoticeStage> {
  const [service, mailbox] = [await openPushService(), await openMailbox()];
  t.teardown(() => Promise.all([service.close(), mailbox.close()]));
  const smtp = { host: '127.0.0.1', port: mailbox.smtpPort, tls: 'none' as const, from: 'door@street.example' };
  const config = { pushLoopback: true, smtp, pagesOrigins: ['https://pages.example'], ...settings };
  const world = await makeWorld(t, { config });
  const { hub, owner: first } = await makeHome(t, world);
  const second = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  await hub.signOwnerList([first.device, second.device]);
  await hub.hello();
  await until('both devices are known', async () => (await second.ask('GET', second.home)).status === 200);
  return {
    ...{ world, hub, first, second, service, mailbox },
    browserOf: async (owner, wish = {}) => {
      const { body } = await owner.ask('GET', `${owner.home}/notifications`);
      const browser = service.subscribe(body.pushKey);
      const answer = await owner.ask('PUT', `${owner.home}/notifications`, {
        body: { push: browser.subscription, ...wish },
      });
      if (answer.status !== 200) throw new TypeError(JSON.stringify(answer.body));
      return browser;
    },
    mailTo: async (owner, address) => {
      const path = `${owner.home}/notifications/mail`;
      const before = mailbox.mails.length;
      const set = await owner.ask('PUT', path, { body: { address } });
      if (set.status !== 200) throw new TypeError(JSON.stringify(set.body));
      const code = /\b\d{6}\b/.exec(mailbox.mails[before]!.text)![0];
      await owner.ask('POST', `${path}/code`, { body: { code }, key: false });
    },
  };
}
