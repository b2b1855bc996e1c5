/** The page of the street: draws what it is told, and asks. It decides nothing. */
import { render } from 'preact';
import type { StreetTold } from '../told.ts';
import { listen } from './listen.ts';
import { Street } from './street.tsx';

const root = document.getElementById('root')!;
let last: StreetTold | undefined;

listen((told) => {
  last = told ?? last;
  if (last !== undefined) render(<Street told={last} isLost={told === undefined} />, root);
});
