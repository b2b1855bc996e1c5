import type { Page } from 'playwright-core';
import t from 'tap';
import { servePages } from '../../cloud-bridge/pages/host.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { addAuthenticator } from '../cloud-bridge/pages/authenticator.ts';
import { barriersIn } from '../cloud-bridge/pages/axe.ts';
import { complaintsOf, launch, noChromium } from '../cloud-bridge/pages/browser.ts';
import { pagesBuiltOnce } from '../cloud-bridge/pages/built-once.ts';
import { pageScript } from '../cloud-bridge/pages/page-script.ts';
import { freePort } from '../support/free-port.ts';
import { openRig } from '../support/rig.ts';
import { Villain } from './hostile/villain.ts';

/** What Chromium says of a page that makes ES256 passkeys only, and of answers that are no 200. */
const expected = /pubKeyCredParams|status of 40[134]/;

if (noChromium) {
  t.pass(noChromium, { skip: noChromium });
} else {
  const folder = t.testdir();
  await pagesBuiltOnce(folder);
  const script = await pageScript();
  const port = await freePort();
  const rig = await openRig(t, { pagesOrigin: `http://localhost:${port}` });
  const villain = await Villain.open(t, rig);
  const pages = await servePages({ folder, api: rig.world.base, host: 'localhost', port });
  t.teardown(() => pages.stop());
  const browser = await launch();
  t.teardown(() => browser.close());
  const documents = `/v1/homes/${rig.owner.pinned.home}/documents`;
  const quote = (value: unknown): string => JSON.stringify(value);

  /** Runs in the page, as a script of it: `me` is its device, `doorward` the page's own code. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape come out of the page
  const run = (page: Page, code: string): Promise<any> => page.evaluate(`(async () => { ${code} })()`);

  /** A browser of its own, with an authenticator and keys that no script can read. */
  const newDevice = async () => {
    const context = await browser.newContext();
    t.teardown(() => context.close());
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`http://localhost:${port}/app/`);
    await page.waitForSelector('[data-stage="alone"]');
    const authenticator = await addAuthenticator(context, page);
    await page.evaluate(script);
    await run(
      page,
      `const keys = await doorward.makeDeviceKeys();
       const api = doorward.connectApi(${quote(rig.world.base)}, keys.sign);
       const put = (document) =>
         api.call({ method: 'POST', path: ${quote(documents)}, body: { document } }, doorward.anything);
       globalThis.me = { keys, api, put };`,
    );
    return { page, authenticator, complaints };
  };
  const first = await newDevice();
  const { page, authenticator } = first;
  const put = (document: string) => run(page, `return me.put(${quote(document)})`);
  const putAtHub = (document: string): Promise<string> => villain.codeOf({ op: 'document.put', document });
  let version = rig.owner.state.ruleBook.version;
  /** A rule book of this device, with one rule more than are in force. */
  const wider = () => {
    const { rules } = rig.owner.state.ruleBook;
    version += 1;
    const guest = { kind: 'guest', id: `guest-${version}`, jkt: 'A'.repeat(43) };
    const iat = Math.floor(rig.time.now() / 1000);
    const added = { ...rules[0], id: `rule-${version}`, party: guest };
    return quote({ aud: rig.hubId, version, iat, exp: iat + 3_600, rules: [...rules, added] });
  };
  const confirm = () =>
    run(page, `return doorward.signWidening(doorward.ruleBookForm, ${wider()}, me.keys.sign, me.home.passkey)`);

  t.test('an account is made with a passkey, and the hub pins that passkey with the device', async (t) => {
    const made = await run(page, `return doorward.register(me.api, 'Home')`);
    t.match(made, { ok: true, value: { rp: 'localhost', jwk: { kty: 'EC' } } });
    t.equal(await authenticator.count(), 1);
    const fragment = rig.owner.invite();
    await run(
      page,
      `const invitation = doorward.readInvitation(${quote(fragment)}).value;
       me.pinned = doorward.toPinned(invitation);
       await doorward.askToJoin(me.api, invitation, me.keys, ${quote(made.value)});`,
    );
    const read = 'const home = await doorward.readHome(me.api, me.pinned, me.keys); me.home = home.value;';
    await rig.until('the hub has pinned it', () => run(page, `${read} return home.ok`));
    t.same(await run(page, 'return me.home.passkey'), made.value, 'as the hub signed it');
  });

  t.test('R2: the hub takes what widens with a finger, and with nothing less', async (t) => {
    const silent = await run(page, `return doorward.signDocument(doorward.ruleBookForm, ${wider()}, me.keys.sign)`);
    t.match(await put(silent), { ok: false, code: 'PASSKEY_MISSING' });
    t.equal(await putAtHub(silent), 'PASSKEY_MISSING', 'a script that signs by itself, and a cloud that lets it');

    await authenticator.verifies(false);
    t.match(await confirm(), { ok: false, code: 'PASSKEY_CANCELLED' }, 'the page asks for a finger and gets none');
    const touched = await run(
      page,
      `const jws = ${quote(silent)};
       const { response } = await navigator.credentials.get({
         publicKey: { challenge: await doorward.challengeOf(jws), rpId: 'localhost', userVerification: 'discouraged' },
       });
       return doorward.withAssertion(jws, {
         authenticatorData: new Uint8Array(response.authenticatorData),
         clientDataJson: new Uint8Array(response.clientDataJSON),
         signature: new Uint8Array(response.signature),
       })`,
    );
    t.match(await put(touched), { ok: false, code: 'PASSKEY_NOT_VERIFIED' });
    t.equal(await putAtHub(touched), 'PASSKEY_NOT_VERIFIED', 'a touch without a finger, and a cloud that lets it');

    await authenticator.verifies(true);
    const meant = await confirm();
    t.ok(meant.ok);
    const moved = silent + meant.value.slice(meant.value.indexOf('~'));
    t.equal(await putAtHub(moved), 'PASSKEY_NOT_GENUINE', 'the yes to another document');
    t.match(await put(meant.value), { ok: true, value: { accepted: 'rulebook+jwt', pending: false } });
    t.equal(await putAtHub(meant.value), 'accepted', 'the hub has it');
  });

  t.test('the account logs in on a second browser; a session that is ended is refused at once', async (t) => {
    const second = await newDevice();
    const look = 'const view = await doorward.showAccount(me.api); return view.ok ? view.value : view.code';
    const logIn = (of: Page) => run(of, 'return doorward.logIn(me.api)');
    t.equal(await run(second.page, look), 'SESSION_ENDED');
    t.match(await logIn(second.page), { ok: false, code: 'PASSKEY_CANCELLED' }, 'there is no passkey here');
    await authenticator.syncTo(second.authenticator);
    t.same(await logIn(second.page), { ok: true, value: await run(page, 'return me.home.passkey') });
    t.match(await run(second.page, look), {
      passkeys: [{ current: true }],
      sessions: [{ current: false }, { current: true }],
    });

    const home = 'const home = await doorward.readHome(me.api, me.pinned, me.keys); return home.ok ? "ok" : home.code';
    t.equal(await run(page, home), 'ok');
    const end = (of: Page, which: string) => run(of, `return doorward.endSessions(me.api, ${quote(which)})`);
    t.same(await end(second.page, 'others'), { ok: true, value: { ended: 1 } });
    t.equal(await run(page, home), 'SESSION_ENDED');
    await second.authenticator.syncTo(authenticator);
    t.match(await logIn(page), { ok: true });
    t.equal(await run(page, home), 'ok');

    const stranger = await newDevice();
    t.match(await run(stranger.page, `return doorward.register(me.api, 'Other')`), { ok: true });
    t.same(await end(stranger.page, 'all'), { ok: true, value: { ended: 1 } }, 'their own, and nobody else’s');
    t.equal(await run(page, home), 'ok');
    for (const { complaints } of [first, second, stranger]) {
      t.same(
        complaints.filter((text) => !expected.test(text)),
        [],
      );
    }
  });

  t.test('a device that joined without a passkey gets one in the app, and the hub pins it', async (t) => {
    const bare = await newDevice();
    await bare.page.goto('about:blank');
    await bare.page.goto(`http://localhost:${port}/app/${rig.owner.invite()}`);
    await bare.page.click('[data-choice="without"]');
    await bare.page.waitForSelector('.frame');
    await bare.page.evaluate("location.hash = '#/account'");
    const devices = async () => mustHave(await rig.owner.look()).ownerList;
    const before = await devices();
    await bare.page.getByRole('button', { name: 'Make a passkey' }).click();
    await bare.page.getByText('The one you came by').waitFor();
    t.not(await devices(), before, 'the hub has signed a new list');
    t.equal(await bare.page.getByRole('button', { name: 'Make a passkey' }).count(), 0);
    t.same(await barriersIn(bare.page), [], 'axe-core finds nothing');
  });
}
