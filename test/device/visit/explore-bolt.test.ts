import t from 'tap';
import { walkAll } from './walks.ts';

walkAll(t, 'bolt', 190_000);
