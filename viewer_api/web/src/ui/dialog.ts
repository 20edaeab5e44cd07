import { Cell } from '../store.ts';

export interface Choice {
  value: string;
  label: string;
}

export interface Field {
  name: string;
  label: string;
  kind: 'text' | 'textarea' | 'select';
  required?: boolean;
  value?: string;
  hint?: string;
  choices?: readonly Choice[];
}

export interface Question {
  title: string;
  text?: string;
  /** Said beside a warning sign. */
  warning?: string;
  /** A bar of so many CSS pixels, to be measured with a ruler. */
  bar?: number;
  fields?: readonly Field[];
  ok?: string;
  danger?: boolean;
}

export type Answers = Readonly<Record<string, string>>;

interface Pending {
  question: Question;
  answer: (answers: Answers | null) => void;
}

/** The question on screen; the dialog host draws it. */
export const pending = new Cell<Pending | null>(null);

/** Asks the person; `null` when it was cancelled. One question at a time: a new one cancels the old one. */
export function ask(question: Question): Promise<Answers | null> {
  pending.value?.answer(null);
  return new Promise((resolve) => {
    pending.set({
      question,
      answer: (answers) => {
        pending.set(null);
        resolve(answers);
      },
    });
  });
}

export async function confirmed(question: Question): Promise<boolean> {
  return (await ask(question)) !== null;
}
