import { ask } from '../ui/dialog.ts';

/** Shows what is not shown again, in a field from which it can be copied. */
export async function showSecret(title: string, text: string, secret: string): Promise<void> {
  await ask({ title, text, fields: [{ name: 'secret', label: title, kind: 'text', value: secret }] });
}
