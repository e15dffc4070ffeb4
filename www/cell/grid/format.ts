/** How values read in a table: the whole text is a click away. */

import type { TableColumn } from '../../kernel/protocol';

/** Significant digits that are shown of a fraction. */
const DIGITS = 6;
const FRACTION = /-?\d+\.\d+(?:E[+-]?\d+)?/g;

/** The value as the table shows it: fractions of numeric and nested columns rounded, line breaks as signs. */
export function readable(value: string, { numeric, dataType }: TableColumn): string {
  const holdsFractions = numeric || dataType === 'vector' || /\b(double|float)\b/.test(dataType);
  const text = holdsFractions ? value.replace(FRACTION, rounded) : value;
  return text.replaceAll('\r\n', '⏎').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

/** `0.30000000000000004` to `0.3`, `1.23456789E-7` to `1.23457E-7`; whole numbers keep their `.0`. */
export function rounded(text: string): string {
  const digits = text.replace(/E.*/, '').replace(/[-.]/g, '').replace(/^0+/, '');
  if (digits.length <= DIGITS + 1) return text;
  const number = Number(text);
  const short = String(Number(number.toPrecision(Math.max(DIGITS, wholeDigits(number)))))
    .replace('e+', 'E')
    .replace('e', 'E');
  return /[.E]/.test(short) ? short : `${short}.0`;
}

/** Digits before the point are never rounded away. */
function wholeDigits(number: number): number {
  const size = Math.abs(number);
  return size >= 1 && size < 1e15 ? Math.floor(Math.log10(size)) + 1 : 0;
}

export function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
