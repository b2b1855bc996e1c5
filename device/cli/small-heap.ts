/** A heap that fits a small computer. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's space for new objects at the size that it starts with. Loading a program makes it grow to many megabytes, which it then
 * keeps for good; a hub makes little garbage and has more use for the memory. Call it before anything big is loaded.
 */
export const keepHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
