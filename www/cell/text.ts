/** Printed text as the page shows it: without the terminal's colour codes, which mean nothing here. */
export function plainText(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
