/** A key as a few letters that people can compare. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { SignJwk } from '../../../../wire/shapes.ts';
import { lettersOf } from '../device/letters.ts';

export const keyLetters = async (jwk: SignJwk): Promise<string> => lettersOf(await calculateJwkThumbprint(jwk as JWK));
