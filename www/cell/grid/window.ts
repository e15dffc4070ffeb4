/** Which rows of a long table are on the screen: only those are drawn. */

/** Of a row, in pixels. */
export const ROW_HEIGHT = 28;
/** Rows drawn above and below those in sight. */
const MARGIN = 8;
/** Browsers cut what is higher; a longer table scrolls by more than a row's height for each row. */
const MOST_HEIGHT = 12_000_000;

export interface Sight {
  /** The first row drawn, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Empty space above and below the rows drawn, in pixels. */
  readonly above: number;
  readonly below: number;
}

/** The height of all rows together. */
function fullHeight(rows: number): number {
  return Math.min(rows * ROW_HEIGHT, MOST_HEIGHT);
}

/** What a box of a height shows when it is scrolled down so far. */
export function sight(rows: number, scrollTop: number, height: number): Sight {
  const visible = Math.ceil(height / ROW_HEIGHT);
  const first = firstRow(rows, scrollTop, height);
  const from = Math.max(0, Math.min(first, rows) - MARGIN);
  const to = Math.min(rows, first + visible + MARGIN);
  const full = fullHeight(rows);
  if (full === rows * ROW_HEIGHT) return { from, to, above: from * ROW_HEIGHT, below: (rows - to) * ROW_HEIGHT };
  // The rows drawn stand where the reader looks, whatever their share of the scroll bar is.
  const above = Math.min(Math.max(0, scrollTop - (first - from) * ROW_HEIGHT), full - (to - from) * ROW_HEIGHT);
  return { from, to, above, below: full - above - (to - from) * ROW_HEIGHT };
}

function firstRow(rows: number, scrollTop: number, height: number): number {
  const full = fullHeight(rows);
  if (full === rows * ROW_HEIGHT) return Math.floor(scrollTop / ROW_HEIGHT);
  const share = Math.min(1, scrollTop / Math.max(1, full - height));
  return Math.floor(share * (rows - Math.floor(height / ROW_HEIGHT)));
}

/** How far to scroll so that a row is in sight; where it is now when it is already. */
export function scrollTo(rows: number, row: number, scrollTop: number, height: number): number {
  const full = fullHeight(rows);
  if (full === rows * ROW_HEIGHT) {
    const top = row * ROW_HEIGHT;
    if (top < scrollTop) return top;
    return top + ROW_HEIGHT > scrollTop + height ? top + ROW_HEIGHT - height : scrollTop;
  }
  const visible = Math.floor(height / ROW_HEIGHT);
  const first = firstRow(rows, scrollTop, height);
  if (row >= first && row < first + visible) return scrollTop;
  const wanted = row < first ? row : row - visible + 1;
  return Math.ceil((wanted / Math.max(1, rows - visible)) * (full - height));
}
