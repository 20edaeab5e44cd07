import { ApiError, type FieldError } from '../../../api/problem.ts';
import { t, type MessageKey } from '../../../i18n/index.ts';
import { zh } from '../../../i18n/zh.ts';
import type { Protocol } from '../hanging-api.ts';

/** What is wrong, in words, by the rule's key and the path inside it: `own-1/when.most`. */
export type Faults = ReadonlyMap<string, string>;

export const NO_FAULTS: Faults = new Map();

/** The server's refusal, field by field; `null` for a refusal that is not about fields of rules. */
export function faultsIn(error: unknown, rules: readonly Protocol[]): Faults | null {
  if (!(error instanceof ApiError)) return null;
  const found = error.errors.flatMap((fault): [string, string][] => {
    const [, at = '', path = ''] = /^protocols\.(\d+)\.(.+)$/.exec(fault.field) ?? [];
    const rule = rules[Number(at)];
    return at === '' || rule === undefined ? [] : [[`${rule.key}/${path}`, inWords(fault)]];
  });
  return found.length === 0 ? null : new Map(found);
}

/** Those of one rule, or of a part of it, by the path from there on; faults of items of a list stand at the list. */
export function faultsAt(faults: Faults, prefix: string): Faults {
  const here = [...faults].filter(([path]) => path.startsWith(prefix));
  return new Map(here.map(([path, words]) => [path.slice(prefix.length), words]));
}

/** Of a field, and of what is inside it. */
export function faultOf(faults: Faults, path: string): string {
  return [...faults].find(([at]) => at === path || at.startsWith(`${path}.`))?.[1] ?? '';
}

/** What has been changed is not wrong any more until the server has looked at it again. */
export function without(faults: Faults, prefix: string): Faults {
  return new Map([...faults].filter(([path]) => !path.startsWith(prefix)));
}

/** What is wrong, said for people. */
export function inWords({ code, message }: FieldError): string {
  const key = `hangrule.fault.${code ?? ''}`;
  return key in zh ? t(key as MessageKey) : message;
}
