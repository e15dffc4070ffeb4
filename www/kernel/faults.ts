/** What killed a kernel, in words for the reader. */

import type { Fault } from './messages';

export const STOPPED = 'The kernel did not answer Stop and was ended. Its variables are gone; the notebook and its files are as they were.';

export function describeFault({ error, panic }: Fault): string {
  const text = `${panic}\n${error}`;
  if (/out of memory|memory allocation|allocation failed|capacity overflow|could not allocate|Cannot enlarge memory/i.test(text)) {
    return 'The kernel ran out of memory and was ended. Its variables are gone. Fewer rows at a time, or fewer columns, may fit.';
  }
  if (/call stack|stack overflow|too much recursion/i.test(text)) {
    return 'The program nested too deeply for the kernel, which was ended. Its variables are gone. Look for a recursion without an end.';
  }
  const detail = (panic || error).trim().split('\n').slice(0, 2).join(' ');
  return `The kernel broke down by an error of its own and was ended. Its variables are gone. (${detail})`;
}
