/** Whether this phone has ever taken something: then what it keeps of that is looked up before it is asked to. Read at once, unlike a table. */

const mark = 'doorward-visits';

export const hasBeenHere = (): boolean => localStorage.getItem(mark) !== null;

/** Said before the first thing is kept. */
export const noteBeenHere = (): void => localStorage.setItem(mark, '1');
