import type { components } from './schema.d.ts';

/** Every body that the server sends or takes, by the server's own name for it. */
export type Schemas = components['schemas'];

type Routes = Schemas['Routes'];

/** What a parameter of a path looks like; `{task_id}` in the server's words, a number or a string in ours. */
type Segment<S extends string> = S extends `{${string}}`
  ? '{}'
  : string extends S
    ? '{}'
    : S extends `${number}`
      ? '{}'
      : S;

type Shape<P extends string> = P extends `${infer Head}/${infer Rest}` ? `${Segment<Head>}/${Shape<Rest>}` : Segment<P>;

/** The same with any last part: an action that we name and that the server takes as a parameter. */
type Open<S extends string> = S extends `${infer Head}/${infer Rest}`
  ? Rest extends `${string}/${string}`
    ? `${Head}/${Open<Rest>}`
    : `${Head}/{}`
  : S;

type ByShape = { [R in keyof Routes as Shape<R>]: Routes[R] };

type Found<M extends string, P extends string> = P extends unknown
  ? `${M} ${Shape<P>}` extends keyof ByShape
    ? `${M} ${Shape<P>}`
    : Open<`${M} ${Shape<P>}`> & keyof ByShape
  : never;

type Route<M extends string, P extends string> = ByShape[Found<M, P>];

/** The address itself where the server has it, else nothing that can be given. */
export type Known<M extends string, P extends string> = P extends unknown ? ([Found<M, P>] extends [never] ? never : P) : never;

/** What the server answers in JSON; `undefined` where the answer has no content. */
export type Answer<M extends string, P extends string> = Route<M, P> extends { answer: infer A } ? A : undefined;

/** What the server takes as JSON: to be given, may be given, or nothing. */
export type Body<M extends string, P extends string> =
  Route<M, P> extends { body: infer B }
    ? [body: B]
    : Route<M, P> extends { body?: infer B }
      ? [body?: B]
      : [body?: Record<string, never>];

/**
 * A value in an address, where all is text: a cursor is told as it came, and one of a list stands for the list. Empty values,
 * and false, are left out; who means false says so in a word.
 */
type Told<T> = T | (T extends readonly (infer One)[] ? One : T extends number ? string : T extends boolean ? 'true' | 'false' : '') | null;

/** What may be asked for behind the question mark. */
export type QueryOf<M extends string, P extends string> =
  Route<M, P> extends { query: infer Q } ? { readonly [K in keyof Q]?: Told<Q[K]> | '' | undefined } : Record<string, never>;
