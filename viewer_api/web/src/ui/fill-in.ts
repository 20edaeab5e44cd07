import { inWords } from '../i18n/errors.ts';
import { ask, type Answers, type Field } from './dialog.ts';

export interface Form {
  title: string;
  fields: readonly Field[];
  ok: string;
  /** What is wrong, field by field; empty when the refusal is not about fields. */
  faults: (error: unknown) => string;
}

/** Asks until the server is content or the person gives up (false): nothing that was typed is lost. */
export async function fillIn(form: Form, send: (answers: Answers) => Promise<unknown>): Promise<boolean> {
  let { fields } = form;
  let warning = '';
  for (;;) {
    const answers = await ask({ title: form.title, warning, fields, ok: form.ok });
    if (answers === null) return false;
    try {
      await send(answers);
      return true;
    } catch (error) {
      warning = form.faults(error) || inWords(error);
      fields = answered(fields, answers);
    }
  }
}

/** The same questions with what was answered in place of what stood there. */
function answered(fields: readonly Field[], answers: Answers): Field[] {
  return fields.map((field) => ({ ...field, value: answers[field.name] ?? field.value ?? '' }));
}
