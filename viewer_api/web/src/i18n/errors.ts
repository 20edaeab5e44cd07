import { ApiError } from '../api/problem.ts';
import { t, type MessageKey } from './index.ts';
import { zh } from './zh.ts';

/** Says in words what went wrong; field messages of the server come after the sentence. */
export function inWords(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unexpected');
  const key = `error.${error.code}`;
  const known = key in zh ? t(key as MessageKey) : null;
  const fields = error.errors.map(({ message }) => message).filter((message) => message !== '');
  // Which entry it is stands in the server's own sentence where no field is named.
  if (error.code === 'invalid' && fields.length === 0) fields.push(error.detail);
  const fallback = error.status >= 500 ? t('error.server') : error.detail || t('error.unexpected');
  return [known ?? fallback, ...fields].join(' ').trim();
}
