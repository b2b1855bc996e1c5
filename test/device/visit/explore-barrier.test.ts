import t from 'tap';
import { walkAll } from './walks.ts';

walkAll(t, 'barrier', 25_000);
