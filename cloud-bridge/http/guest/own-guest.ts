/** Finds the guest whose device calls. */
import type { FastifyRequest } from 'fastify';
import { type BoundGuest, findOwnGuest } from '../../guest/find.ts';
import type { OwnLink } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { HttpParts } from '../parts.ts';

/** @throws Fault UNAUTHENTICATED, PROOF_REPLAYED, NOT_FOUND, INVITATION_DEAD, GUEST_REVOKED, TASK_NOT_CLAIMED, TASK_OTHER_DEVICE */
export async function ownGuest(parts: HttpParts, request: FastifyRequest, token: string): Promise<BoundGuest> {
  const jkt = await proveDevice(parts, request);
  parts.charge(`device:${jkt}`);
  return orProblem(await findOwnGuest(parts.store.read, token, jkt, parts.now()));
}

/** The same, as a link that a grant hangs on. A grant that is there no more was ended by the owner. */
export async function ownGuestLink(parts: HttpParts, request: FastifyRequest, token: string): Promise<OwnLink> {
  const { token: link, home } = await ownGuest(parts, request, token);
  return { link, home, without: 'GRANT_REVOKED' };
}
