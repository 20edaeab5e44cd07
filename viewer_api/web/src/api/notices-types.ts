/** JSON of notices, what carries them, notes on studies, and what the workers could not do. */
import type { Schemas } from './routes.ts';

export type Urgency = Schemas['Urgency'];
export type Notice = Schemas['NoticeOut'];
export type NoticePage = Schemas['NoticePage'];
export type QuietHours = Schemas['QuietHoursIn'];
export type WishesKept = Schemas['WishesOut'];
export type Wishes = Omit<WishesKept, 'channels'>;
export type Delivery = Schemas['DeliveryOut'];
export type Webhook = Schemas['WebhookOut'];
export type NewWebhook = Schemas['NewWebhookOut'];
export type DeadLetter = Schemas['LetterOut'];
export type SpokenLine = Schemas['NotesLineOut'];

/** Where somebody is reached. */
export type Contact = Schemas['ContactOut'];

/** How many are sent again. */
export type Count = Schemas['NoticesCountOut'];
