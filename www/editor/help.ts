/** Documentation as an element: a signature and paragraphs, as text only. */
export function helpElement(signature: string, text: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-help';
  if (signature) element.append(paragraph('cm-help-signature', signature));
  if (text) element.append(paragraph('cm-help-text', text.trim()));
  return element;
}

function paragraph(className: string, text: string): HTMLElement {
  const element = document.createElement('p');
  element.className = className;
  element.textContent = text;
  return element;
}
