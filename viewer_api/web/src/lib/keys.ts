/** Whether a key press belongs to a field that is being typed in, shadow roots looked through. */
export function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** No modifier but Shift is down, so that the browser's own shortcuts stay free. */
export function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey;
}

const OF_CHOICES: ReadonlySet<string> = new Set([' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

/** Whether a button, box or choice with the focus does something by this key itself. */
export function isForControl(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (target instanceof HTMLButtonElement) return event.key === ' ';
  if (!(target instanceof HTMLInputElement)) return false;
  return target.type === 'radio' ? OF_CHOICES.has(event.key) : target.type === 'checkbox' && event.key === ' ';
}
