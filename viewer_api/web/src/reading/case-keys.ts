import type { MessageKey } from '../i18n/index.ts';

export type CaseCommand =
  | 'finish_next'
  | 'finish'
  | 'next'
  | 'return'
  | 'ask'
  | 'reject'
  | 'release'
  | 'critical'
  | 'preview'
  | 'queue'
  | 'report'
  | 'images'
  | 'help';

interface CaseKey {
  command: CaseCommand;
  /** The key's place (`KeyboardEvent.code`): with Alt, letters depend on the layout. */
  code: string;
  with: 'ctrl' | 'ctrl+shift' | 'alt' | 'none';
  shown: string;
  label: MessageKey;
}

const alt = (command: CaseCommand, letter: string, label: MessageKey): CaseKey => ({
  command,
  code: `Key${letter}`,
  with: 'alt',
  shown: `Alt ${letter}`,
  label,
});

/** What the keyboard does on the reading page, in fields too: none of these keys types anything. */
export const CASE_KEYS: readonly CaseKey[] = [
  { command: 'finish_next', code: 'Enter', with: 'ctrl', shown: 'Ctrl ↵', label: 'viewer.keys.next' },
  { command: 'finish', code: 'Enter', with: 'ctrl+shift', shown: 'Ctrl Shift ↵', label: 'keys.finish' },
  alt('next', 'N', 'keys.next'),
  alt('return', 'T', 'report.return'),
  alt('ask', 'A', 'report.ask'),
  alt('reject', 'B', 'report.reject'),
  alt('release', 'L', 'report.release'),
  alt('critical', 'C', 'report.critical.toggle'),
  alt('preview', 'V', 'preview.open'),
  alt('queue', 'Q', 'queue.title'),
  alt('report', 'R', 'keys.report'),
  alt('images', 'I', 'keys.images'),
  { command: 'help', code: 'F1', with: 'none', shown: 'F1', label: 'viewer.keys' },
];

/** Everything for the keyboard map: what the parts of the page do with keys of their own besides. */
export const KEY_MAP: readonly Pick<CaseKey, 'shown' | 'label'>[] = [
  ...CASE_KEYS,
  { shown: 'F2', label: 'tpl.keys.normal' },
  { shown: 'F4', label: 'tpl.keys.pick' },
  { shown: 'Tab', label: 'tpl.keys.next' },
  { shown: 'Alt P', label: 'tpl.keys.phrases' },
  { shown: 'Alt 1–4', label: 'keys.grade' },
  { shown: 'Ctrl Z', label: 'keys.undo' },
  { shown: 'Esc', label: 'keys.back' },
];

type Pressed = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

/** What a key asks for; nothing while an input method is at work, whose keys are its own. */
export function commandOf(event: Pressed): CaseCommand | null {
  if (event.isComposing) return null;
  const held = heldWith(event);
  const code = event.code === 'NumpadEnter' ? 'Enter' : event.code;
  return CASE_KEYS.find((key) => key.code === code && key.with === held)?.command ?? null;
}

/** AltGr is Ctrl and Alt at once, and types letters. */
function heldWith({ ctrlKey, metaKey, altKey, shiftKey }: Pressed): CaseKey['with'] | '' {
  const ctrl = ctrlKey || metaKey;
  if (ctrl && !altKey) return shiftKey ? 'ctrl+shift' : 'ctrl';
  if (altKey && !ctrl && !shiftKey) return 'alt';
  return !ctrl && !altKey && !shiftKey ? 'none' : '';
}
