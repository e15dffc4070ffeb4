/** What a text says in short. */
export function firstParagraph(text: string): string {
  return text.trim().split('\n\n', 1)[0] ?? '';
}

/** Documentation as an element: a signature and paragraphs, as text only; with a way to the reference, when there is one. */
export function helpElement(signature: string, text: string, openReference?: () => void): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-help';
  if (signature) element.append(paragraph('cm-help-signature', signature));
  if (text) element.append(paragraph('cm-help-text', text.trim()));
  if (openReference) {
    const link = document.createElement('button');
    link.className = 'cm-help-link';
    link.type = 'button';
    link.textContent = 'Open in the reference';
    link.addEventListener('click', openReference);
    element.append(link);
  }
  return element;
}

function paragraph(className: string, text: string): HTMLElement {
  const element = document.createElement('p');
  element.className = className;
  element.textContent = text;
  return element;
}
