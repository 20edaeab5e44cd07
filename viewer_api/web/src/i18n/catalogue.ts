import type { zh } from './zh.ts';

export type MessageKey = keyof typeof zh;

/** Every message in one language; the Chinese one says which there are. */
export type Catalogue = Readonly<Record<MessageKey, string>>;
