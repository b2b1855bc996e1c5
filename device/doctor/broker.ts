/** Does the broker answer, and take this hub's certificate? */
import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { Fault } from '../../wire/faults.ts';
import { type Facts, given } from './facts.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const withinMs = 8_000;
/** A server that refuses a certificate says so behind the handshake: TLS 1.3. */
const afterwardsMs = 1_000;
const defaultPort = 8883;

/** Only the handshake: an MQTT session would end the one of a running hub. */
export async function checkBroker({ enrolment, keys }: Facts): Promise<Finding> {
  const enrolled = given(enrolment);
  if (enrolment instanceof Fault)
    return warn('broker', 'not tried: nothing tells its address', 'Mend the enrolment first.');
  if (enrolled === undefined) return warn('broker', 'not known before enrolment', 'doorward hub enroll');
  const { broker, brokerCa, certificate } = enrolled;
  const key = given(keys)?.tlsKeyPem;
  if (key === undefined)
    return warn('broker', 'not tried: the keys of the hub cannot be read here', 'Mend the secrets first.');
  const { hostname, port } = new URL(broker);
  const host = hostname.replace(/^\[|\]$/g, '');
  let secureContext: SecureContext;
  try {
    secureContext = createSecureContext({ cert: certificate, key, ca: brokerCa, minVersion: 'TLSv1.3' });
  } catch {
    return warn('broker', 'not tried: certificate, key and CA do not fit together', 'See the certificate above.');
  }
  const to = { host, port: port === '' ? defaultPort : Number(port), secureContext };
  return new Promise((resolve) => {
    let isThere = false;
    let isSecure = false;
    const socket = connect({ ...to, ...(isIP(host) === 0 ? { servername: host } : {}) });
    const end = (finding: Finding): void => {
      resolve(finding);
      socket.destroy();
    };
    const good = (): void => end(ok('broker', `${broker} takes this hub's certificate`));
    socket.once('connect', () => {
      isThere = true;
    });
    socket.once('secureConnect', () => {
      isSecure = true;
      socket.setTimeout(afterwardsMs, good);
    });
    // A ticket is sent to a client that was let in.
    socket.once('session', () => isSecure && good());
    socket.setTimeout(withinMs, () => end(failed(broker, isThere, 'no answer')));
    socket.once('error', (error: NodeJS.ErrnoException) => end(failed(broker, isThere, error.code ?? error.name)));
    socket.once('close', () => end(failed(broker, isThere, 'closed')));
  });
}

const failed = (broker: string, isThere: boolean, why: string): Finding =>
  isThere
    ? fail(
        'broker',
        'BROKER_CERTIFICATE_REFUSED',
        `${broker} answers, but the handshake fails: ${why}`,
        'Compare clock, CA and expiry above with those of the broker; the operator sees who was refused.',
      )
    : fail(
        'broker',
        'BROKER_UNREACHABLE',
        `${broker} cannot be reached: ${why}`,
        'Check cable, router, DNS and firewall.',
      );
