/** The one way to `@napi-rs/canvas`, an optional package: loaded when a picture is wanted, not before. */
import { createRequire } from 'node:module';
import type * as Drawing from '@napi-rs/canvas';
import { Fault } from '../../wire/faults.ts';

export type Brush = Drawing.SKRSContext2D;
export type Sheet = Drawing.Canvas;

const require = createRequire(import.meta.url);

/**
 * Loads the package.
 * @param name  of another package, for a test of what is said when it is missing
 * @throws Fault TOOL_MISSING saying what to install
 */
export function loadCanvas(name = '@napi-rs/canvas'): typeof Drawing {
  try {
    return require(name) as typeof Drawing;
  } catch (cause) {
    throw new Fault('TOOL_MISSING', { tool: name, install: `npm install ${name}` }, { cause });
  }
}
