/** Where the cloud may send to: an address that came from outside must not reach what is inside (SSRF). */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { accept, Fault, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';

const subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  // RFC 6890 and its IANA registries: what is not reachable from everywhere
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
];
const blocked = new BlockList();
for (const [net, bits, family] of subnets) blocked.addSubnet(net, bits, family);
/** Of IPv6 only what is routed (2000::/3), and of that nothing that carries an IPv4 address inside. */
const routed = new BlockList();
routed.addSubnet('2000::', 3, 'ipv6');
const carriers = new BlockList();
carriers.addSubnet('2002::', 16, 'ipv6');
carriers.addSubnet('2001::', 23, 'ipv6');
carriers.addSubnet('2001:db8::', 32, 'ipv6');

/** @param address  as `node:dns` or a URL says it, without brackets. What is no address is private */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return blocked.check(address, 'ipv4');
  return family !== 6 || !routed.check(address, 'ipv6') || carriers.check(address, 'ipv6');
}

/** Never an address of somebody: clouds keep their credentials there (169.254.169.254). */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addSubnet('fd00:ec2::', 32, 'ipv6');
const isLinkLocal = (address: string): boolean =>
  linkLocal.check(address.replace(/^::ffff:/, ''), isIP(address.replace(/^::ffff:/, '')) === 4 ? 'ipv4' : 'ipv6');

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
const isLoopback = (hostname: string): boolean => hostname === '127.0.0.1' || hostname === '::1';

/**
 * How far: `public` is https to what is reachable from everywhere. `loopback`: the addresses 127.0.0.1 and ::1 too, with any port and
 * without TLS, for a simulator. `private`: whatever is no link-local address, so, for an installation behind one wall.
 */
export const reaches = ['public', 'loopback', 'private'] as const;
export type Reach = (typeof reaches)[number];

export interface Allowed {
  readonly reach: Reach;
  /** Ports at public addresses beside 443. */
  readonly ports?: readonly number[];
  /** What a refusal is called. */
  readonly code: FaultCode;
}

/** May something be sent to this address? @returns the refusal that `allowed` names, with why */
export function checkAddress(text: string, { reach, ports = [], code }: Allowed): Verdict<URL> {
  if (!URL.canParse(text)) return refuse(code, { why: 'no URL' });
  const url = new URL(text);
  const host = bare(url.hostname);
  if (url.username !== '' || url.password !== '') return refuse(code, { why: 'user' });
  if (!/^https?:$/.test(url.protocol)) return refuse(code, { why: 'https only' });
  if (reach !== 'public' && isLoopback(host)) return accept(url);
  if (reach === 'private') {
    return isIP(host) !== 0 && isLinkLocal(host) ? refuse(code, { why: 'address' }) : accept(url);
  }
  const isPort = url.port === '' || ports.includes(Number(url.port));
  if (url.protocol !== 'https:' || !isPort)
    return refuse(code, { why: `https on port ${[443, ...ports].join(' or ')} only` });
  if (isIP(host) !== 0) return isPrivateAddress(host) ? refuse(code, { why: 'address' }) : accept(url);
  const isName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host);
  const isLocal = /(^|\.)(localhost|local|internal|lan|home|arpa)$/.test(host);
  return isName && !isLocal ? accept(url) : refuse(code, { why: 'name' });
}

/** Looks names up at the moment of connecting, so that one that has changed since leads nowhere either. */
export const lookupWithin =
  ({ reach, code }: Pick<Allowed, 'reach' | 'code'>): LookupFunction =>
  (hostname, options, callback) => {
    const isOut = reach === 'private' ? isLinkLocal : isPrivateAddress;
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const reachable = found.filter(({ address }) => !isOut(address));
      const first = reachable[0];
      if (first === undefined) return callback(new Fault(code, { why: 'address' }), '', 0);
      if (options.all === true) return callback(null, reachable);
      return callback(null, first.address, first.family);
    });
  };
