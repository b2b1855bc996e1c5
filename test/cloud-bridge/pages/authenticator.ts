/** Chromium's virtual authenticator (WebAuthn 11): a phone's own, with passkeys that it finds by itself. */
import type { BrowserContext, Page } from 'playwright-core';

export interface Authenticator {
  /** Whether it recognises the finger from now on. */
  verifies(is: boolean): Promise<void>;
  /** Puts its passkeys into another one, as their maker's cloud does; these here count, so that the newer ones go into the older. */
  syncTo(other: Authenticator): Promise<void>;
  /** How many passkeys it holds. */
  count(): Promise<number>;
  take(credential: object): Promise<void>;
  clear(): Promise<void>;
}

/** @param page  the authenticator is there for as long as it is open */
export async function addAuthenticator(context: BrowserContext, page: Page): Promise<Authenticator> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  const credentials = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  return {
    verifies: (isUserVerified) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }).then(() => undefined),
    count: async () => (await credentials()).length,
    syncTo: async (other) => {
      await other.clear();
      for (const one of await credentials()) await other.take(one);
    },
    clear: () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }).then(() => undefined),
    take: async (credential) => {
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: credential as never });
    },
  };
}
