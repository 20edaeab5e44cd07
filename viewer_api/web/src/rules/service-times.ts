import type { Content, Json } from '../api/rules-types.ts';

export const CLASSES = ['P0', 'P1', 'P2', 'P3'] as const;
export type ClassName = (typeof CLASSES)[number];

export interface Figures {
  target: number;
  maximum: number;
}

type Table = Readonly<Record<string, Content>>;

/** Everything that a figure may stand for: groups of modalities, and kinds inside a group (`CT_MR/HEAD`). */
export function rowKeys(content: Content): string[] {
  const variants = list(content['variants']).map((one) => record(one));
  return Object.keys(record(content['groups'])).flatMap((group) => [
    group,
    ...variants.filter((one) => one['group'] === group).map((one) => `${group}/${String(one['name'])}`),
  ]);
}

/** The figures of a row; null where another row's count. `contract` is a clinic's code, empty for the county. */
export function figuresOf(content: Content, priority: ClassName, key: string, contract = ''): Figures | null {
  const found = record(record(tableOf(content, contract)[priority])[key]);
  const { target, maximum } = found;
  return typeof target === 'number' && typeof maximum === 'number' ? { target, maximum } : null;
}

/** The content with other figures; null takes them away. The row's own choice of hours stays. */
export function withFigures(
  content: Content,
  priority: ClassName,
  key: string,
  figures: Figures | null,
  contract = '',
): Content {
  const table = tableOf(content, contract);
  const rows: Record<string, Json> = { ...record(table[priority]) };
  if (figures === null) delete rows[key];
  else rows[key] = { ...record(rows[key]), ...figures };
  return withTable(content, { ...table, [priority]: rows }, contract);
}

export function contractsOf(content: Content): string[] {
  return Object.keys(record(content['contracts']));
}

export function withContract(content: Content, code: string): Content {
  const contracts = record(content['contracts']);
  return code in contracts ? content : { ...content, contracts: { ...contracts, [code]: { targets: {} } } };
}

/** A value inside, by its path: `waits.accept_minutes`. */
export function numberAt(content: Content, path: string): number | null {
  const found = path.split('.').reduce<Json | undefined>((at, name) => record(at)[name], content);
  return typeof found === 'number' ? found : null;
}

export function withNumber(content: Content, path: string, value: number): Content {
  const [name = '', ...rest] = path.split('.');
  const inside = rest.length === 0 ? value : withNumber(record(content[name]), rest.join('.'), value);
  return { ...content, [name]: inside };
}

export function record(value: Json | undefined): Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Content) : {};
}

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function tableOf(content: Content, contract: string): Table {
  const owner = contract === '' ? content : record(record(content['contracts'])[contract]);
  return record(owner['targets']) as Table;
}

function withTable(content: Content, targets: Table, contract: string): Content {
  if (contract === '') return { ...content, targets };
  const contracts = record(content['contracts']);
  return { ...content, contracts: { ...contracts, [contract]: { ...record(contracts[contract]), targets } } };
}
