/** Python as the guided forms write it. */

/** A string literal in double quotes. */
export function pythonString(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

export function pythonList(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}

const WIDTH = 88;

/** A call on one line when it fits, else one argument a line. */
export function pythonCall(callee: string, args: readonly string[], prefix = ''): string {
  const flat = `${prefix}${callee}(${args.join(', ')})`;
  if (flat.length <= WIDTH && !flat.includes('\n')) return flat;
  const lines = args.map((arg) => `    ${arg.replaceAll('\n', '\n    ')},`);
  return `${prefix}${callee}(\n${lines.join('\n')}\n)`;
}

/** `LogisticRegression` to `logistic_regression`, as a variable for it would be named. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
