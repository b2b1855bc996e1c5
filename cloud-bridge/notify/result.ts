/** What became of one sending. `gone`: the address is no more. `later`: try again, not before `afterMs`. `never`: it is of no use. */
export type Sent =
  | { readonly is: 'sent' }
  | { readonly is: 'gone'; readonly why: string }
  | { readonly is: 'later'; readonly why: string; readonly afterMs?: number }
  | { readonly is: 'never'; readonly why: string };
