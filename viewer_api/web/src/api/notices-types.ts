export type Urgency = 'quiet' | 'normal' | 'urgent';

export interface Notice {
  id: number;
  kind: string;
  urgency: Urgency;
  params: Record<string, unknown>;
  text: string;
  task_id: number | null;
  study_instance_uid: string;
  critical_case_id: number | null;
  created_at: string;
  seen_at: string | null;
}

export interface NoticePage {
  items: Notice[];
  next: string | null;
  unseen: number;
  urgent: number;
}

export interface QuietHours {
  begins: string;
  ends: string;
}

export interface Wishes {
  email: string;
  mobile: string;
  off: string[];
  muted: string[];
  quiet_hours: QuietHours | null;
}

export interface WishesKept extends Wishes {
  channels: string[];
}

export interface Delivery {
  id: number;
  kind: string;
  urgency: Urgency;
  channel: string;
  to: string;
  state: string;
  attempts: number;
  created_at: string;
  next_attempt_at: string | null;
  sent_at: string | null;
  last_error: string;
  last_error_at: string | null;
}

export interface Webhook {
  id: number;
  name: string;
  url: string;
  kinds: string[] | null;
  institution: string | null;
  active: boolean;
  last_seq: number;
  created_at: string;
}

export interface DeadLetter {
  id: number;
  task: string;
  args: unknown[];
  state: string;
  error: string;
  attempts: number;
  deaths: number;
  first_at: string;
  last_at: string;
}

export interface SpokenLine {
  kind: 'note' | 'ask' | 'answer' | 'return' | 'retaken';
  id: number | null;
  at: string;
  name: string;
  side: 'centre' | 'clinic' | 'upper' | null;
  mine: boolean;
  text: string;
  code: string;
  seen_by: { name: string; at: string }[];
}

/** Where somebody is reached. */
export interface Contact {
  username: string;
  name: string;
  role: string;
  institution: string;
  institution_name: string;
  email: string;
  mobile: string;
}
