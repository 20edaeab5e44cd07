const COPIED = [
  'boxSizing', 'width', 'fontFamily', 'fontSize', 'fontWeight', 'letterSpacing', 'lineHeight', 'paddingTop', 'paddingRight',
  'paddingBottom', 'paddingLeft', 'borderTopWidth', 'borderRightWidth', 'borderBottomWidth', 'borderLeftWidth', 'wordBreak',
] as const;

/** Where a character of a text area is on the screen: its left edge and its line's top and bottom. */
export function caretPlace(area: HTMLTextAreaElement, at: number): { left: number; top: number; bottom: number } {
  const mirror = document.createElement('div');
  const style = getComputedStyle(area);
  for (const name of COPIED) mirror.style[name] = style[name];
  Object.assign(mirror.style, { position: 'absolute', visibility: 'hidden', whiteSpace: 'pre-wrap', overflowWrap: 'break-word' });
  mirror.style.borderStyle = 'solid';
  mirror.textContent = area.value.slice(0, at);
  const mark = document.createElement('span');
  mark.textContent = area.value.slice(at, at + 1) || '.';
  mirror.append(mark);
  document.body.append(mirror);
  const box = area.getBoundingClientRect();
  const line = parseFloat(style.lineHeight) || mark.offsetHeight;
  const top = box.top + mark.offsetTop - area.scrollTop;
  const left = box.left + mark.offsetLeft;
  mirror.remove();
  return { left, top, bottom: top + line };
}
