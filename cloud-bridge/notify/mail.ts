/** E-mail over the operator's SMTP server. */
import type { Transporter } from 'nodemailer';
import type { CloudConfig } from '../config/schema.ts';
import type { Sent } from './result.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  /** Stays the same when it is sent again: base64url. */
  readonly id: string;
}

export interface MailSender {
  /** @param to  an address that fits `MailAddress`. Never rejects */
  send(to: string, mail: Mail): Promise<Sent>;
  close(): void;
}

type Smtp = NonNullable<CloudConfig['smtp']>;

/** A server that takes longer is asked again later, ms. */
const timeoutMs = 10_000;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** @param password  for `smtp.user` */
export function mailSender(smtp: Smtp, password: string | undefined): MailSender {
  const open = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host: smtp.host,
      port: smtp.port,
      secure: smtp.tls === 'implicit',
      requireTLS: smtp.tls === 'starttls',
      ignoreTLS: smtp.tls === 'none',
      ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: password ?? '' } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  /** Opened by the first mail: a service starts without the library. */
  let transport: Promise<Transporter> | undefined;
  return {
    send: async (to, { subject, text, id }) => {
      try {
        transport ??= open();
        await (await transport).sendMail({
          from: { name: 'Doorward', address: smtp.from },
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domainOf(smtp.from)}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { is: 'sent' };
      } catch (error) {
        const { responseCode, code } = error as { responseCode?: number; code?: string };
        const why = responseCode === undefined ? (code ?? 'smtp') : `smtp ${responseCode}`;
        // RFC 5321 section 4.2.1: 5yz is permanent; a refused sign-in is the operator's to mend.
        const isFinal = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH';
        return { is: isFinal ? 'never' : 'later', why };
      }
    },
    close: () => void transport?.then((one) => one.close()).catch(() => undefined),
  };
}
