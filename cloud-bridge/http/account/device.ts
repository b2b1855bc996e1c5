/** The device that asks, by the proof of its key. */
import type { FastifyRequest } from 'fastify';
import type { AccountParts } from '../../account/parts.ts';
import type { HttpParts } from '../parts.ts';

export type AccountHttpParts = HttpParts & AccountParts;

/** Thumbprint of its key. */
export const deviceOf = (request: FastifyRequest): string => request.getDecorator<string>('device');
