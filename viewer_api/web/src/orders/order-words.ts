import type { Priority } from '../api/types.ts';
import type { Exam, GreenChannel, Order, OrderCheck, OrderPatient, OrderWords } from './orders-api.ts';

/** What stands in the form, as it is typed. `when` is local time, as a field of the kind `datetime-local` has it. */
export interface OrderDraft {
  institution: string;
  patient: OrderPatient;
  exam: string;
  modality: string;
  body_part: string;
  procedure_description: string;
  when: string;
  priority: Priority;
  green_channel: GreenChannel;
  clinical_information: string;
  diagnosis: string;
  referring_doctor: string;
}

export function emptyDraft(institution: string, now: Date): OrderDraft {
  return {
    institution,
    patient: { id: '', name: '', sex: '', birth_date: '', id_card_number: '', phone: '' },
    exam: '',
    modality: '',
    body_part: '',
    procedure_description: '',
    when: localMoment(now),
    priority: 'P2',
    green_channel: '',
    clinical_information: '',
    diagnosis: '',
    referring_doctor: '',
  };
}

export function draftOf(order: Order): OrderDraft {
  const { id, name, sex, birth_date, id_card_number, phone } = order.patient;
  return {
    institution: order.institution,
    patient: { id, name, sex, birth_date, id_card_number, phone },
    exam: order.procedure_code,
    modality: order.modality,
    body_part: order.body_part,
    procedure_description: order.procedure_description,
    when: localMoment(new Date(order.scheduled_at)),
    priority: order.priority,
    green_channel: order.green_channel,
    clinical_information: order.clinical_information,
    diagnosis: order.diagnosis,
    referring_doctor: order.referring_doctor,
  };
}

/** Chinese first on the worklist: that is what the order is called on the equipment. */
export function withExam(draft: OrderDraft, exam: Exam): OrderDraft {
  const { code, modality, body_part, zh } = exam;
  return { ...draft, exam: code, modality, body_part, procedure_description: zh };
}

export function checkOf({ institution, patient, modality, body_part }: OrderDraft): OrderCheck {
  return { institution, patient, modality, body_part };
}

export function wordsOf(draft: OrderDraft): OrderWords {
  const { exam, when, ...same } = draft;
  return { ...same, procedure_code: exam, scheduled_at: new Date(when).toISOString() };
}

/** The names of the fields that must be filled in before the order can be placed. */
export function missingFields(draft: OrderDraft): readonly ('id' | 'name' | 'exam' | 'when')[] {
  const { patient, modality, when } = draft;
  const empty = { id: patient.id.trim(), name: patient.name.trim(), exam: modality, when };
  return (['id', 'name', 'exam', 'when'] as const).filter((name) => empty[name] === '' || (name === 'when' && isNaN(Date.parse(when))));
}

/** `YYYY-MM-DDTHH:MM` in the browser's own time. */
export function localMoment(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
