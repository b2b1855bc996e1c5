import t from 'tap';
import { walkAll } from './walks.ts';

walkAll(t, 'latch', 180_000);
