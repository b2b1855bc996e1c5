/** Who calls: found out before anything of the body is read. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Fault } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import { admit, noteSeen } from '../account/admit.ts';
import type { Parts } from '../parts.ts';
import type { TokenHolder } from '../store/clients.ts';
import type { Row } from '../store/schema.ts';
import { orProblem } from './answer.ts';
import { verifyProof } from './dpop.ts';

/** The bearer token of a request. @throws Fault UNAUTHENTICATED */
export function bearerOf(request: FastifyRequest): string {
  const token = /^Bearer ([\w-]{16,128})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new Fault('UNAUTHENTICATED', { why: 'no bearer token' });
  return token;
}

const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** @throws Fault UNAUTHENTICATED */
export function checkOperator(parts: Pick<Parts, 'operatorHash'>, request: FastifyRequest): void {
  if (!sameHash(hashOf(bearerOf(request)), parts.operatorHash)) throw new Fault('UNAUTHENTICATED');
}

/** The carrier whose access token came. @throws Fault UNAUTHENTICATED */
export async function findCarrier(parts: Pick<Parts, 'store' | 'now'>, request: FastifyRequest): Promise<TokenHolder> {
  const holder = await parts.store.read.clients.holder(hashOf(bearerOf(request)), parts.now());
  if (holder === undefined) throw new Fault('UNAUTHENTICATED');
  return holder;
}

/** Is the token of this request good for the route? Which scope that takes stands in the route's own schema. @throws Fault SCOPE_MISSING */
export function checkScope({ scopes }: TokenHolder, request: FastifyRequest): void {
  const [{ oauth2: needed = [] } = {}] = request.routeOptions.schema?.security ?? [];
  const missing = needed.find((one) => !scopes.includes(one));
  if (missing !== undefined) throw new Fault('SCOPE_MISSING', { scope: missing });
}

/** A member of the support staff that works here still. @throws Fault UNAUTHENTICATED */
export async function findSupport(parts: Pick<Parts, 'store'>, request: FastifyRequest): Promise<Row<'support_staff'>> {
  const staff = await parts.store.read.supportStaff.byToken(hashOf(bearerOf(request)));
  if (staff === undefined) throw new Fault('UNAUTHENTICATED');
  return staff;
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0]!;

/** Checks the device's proof. @returns the thumbprint of its key. @throws Fault UNAUTHENTICATED, PROOF_REPLAYED */
export async function proveDevice(
  parts: Pick<Parts, 'store' | 'now' | 'publicUrl'>,
  request: FastifyRequest,
): Promise<string> {
  const verdict = await verifyProof(parts, request.headers.dpop, { method: request.method, path: pathOf(request) });
  if (!verdict.ok) throw new Fault(verdict.code, verdict.detail);
  return verdict.value.jkt;
}

/** An owner device with the hub that it is pinned at. */
export interface Owner {
  readonly jkt: string;
  readonly hub: Row<'hub'>;
}

/** @throws Fault UNAUTHENTICATED, PROOF_REPLAYED; NOT_FOUND when this device is not pinned in this home (T23); SESSION_ENDED */
export async function findOwner(parts: Parts, request: FastifyRequest, home: string): Promise<Owner> {
  const jkt = await proveDevice(parts, request);
  const hub = await parts.store.read.hubs.ofHome(home);
  if (hub === undefined) throw new Fault('NOT_FOUND');
  const session = orProblem(await admit(parts, hub, jkt));
  if (session !== undefined) await noteSeen(parts, session);
  return { jkt, hub };
}

/** The owner device that calls, and its hub as it stood when the request came in. */
export const ownerOf = (request: FastifyRequest): Owner => request.getDecorator<Owner>('owner');
/** The carrier that calls. */
export const carrierOf = (request: FastifyRequest): Row<'carrier'> => request.getDecorator<Row<'carrier'>>('carrier');

/** The member of support that calls. */
export const supportOf = (request: FastifyRequest): Row<'support_staff'> =>
  request.getDecorator<Row<'support_staff'>>('support');

/** Whose Idempotency-Keys these are. */
export const operatorCaller = 'operator';
export const carrierCaller = (carrier: string): string => `carrier:${carrier}`;
export const ownerCaller = ({ hub, jkt }: Owner): string => `owner:${hub.home}:${jkt}`;
