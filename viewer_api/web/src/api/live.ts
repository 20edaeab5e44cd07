import { Cell } from '../store.ts';

export type Topic = 'tasks' | 'results' | 'studies' | 'critical' | 'notices';
export type Connection = 'live' | 'polling' | 'lost';

const POLL_MS = 15_000;
const RETRY_MS = 5000;
const TOPICS: readonly Topic[] = ['tasks', 'results', 'studies', 'critical', 'notices'];

/** `live`: pushed by the server; `polling`: asked for every few seconds; `lost`: the server does not answer. */
export const connection = new Cell<Connection>('polling');

type Listener = () => void;

const listeners = new Map<Topic, Set<Listener>>(TOPICS.map((topic) => [topic, new Set()]));
let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls back when something of these topics may have changed; returns the function that ends it. */
export function onChange(topics: readonly Topic[], listener: Listener): () => void {
  topics.forEach((topic) => listeners.get(topic)?.add(listener));
  start();
  return () => {
    topics.forEach((topic) => listeners.get(topic)?.delete(listener));
    if ([...listeners.values()].every((set) => set.size === 0)) stop();
  };
}

/** To be told by whoever fetches: an answer came, or none did. */
export function reportReachable(reachable: boolean): void {
  if (!reachable) connection.set('lost');
  else if (connection.value === 'lost') connection.set(isOpen() ? 'live' : 'polling');
}

connection.subscribe(() => {
  if (timer === undefined) return;
  clearTimeout(timer);
  poll();
});

function start(): void {
  if (source === null) connect();
  if (timer === undefined) poll();
}

function stop(): void {
  source?.close();
  source = null;
  clearTimeout(timer);
  timer = undefined;
}

function connect(): void {
  source = new EventSource('/api/v1/events');
  source.addEventListener('open', () => connection.set('live'));
  source.addEventListener('error', () => {
    if (connection.value === 'live') connection.set('polling');
    if (source?.readyState === EventSource.CLOSED) reconnect();
  });
  for (const topic of TOPICS) source.addEventListener(topic, () => call(topic));
}

/** A browser gives up an event stream after an HTTP error; we do not. */
function reconnect(): void {
  source = null;
  setTimeout(() => {
    if (source === null && timer !== undefined) connect();
  }, RETRY_MS);
}

/** Also while live, but rarely: an event may be lost on the way. */
function poll(): void {
  const pause = connection.value === 'live' ? 4 * POLL_MS : connection.value === 'lost' ? RETRY_MS : POLL_MS;
  timer = setTimeout(() => {
    new Set(TOPICS.flatMap((topic) => [...(listeners.get(topic) ?? [])])).forEach((listener) => listener());
    poll();
  }, pause);
}

function isOpen(): boolean {
  return source?.readyState === EventSource.OPEN;
}

function call(topic: Topic): void {
  listeners.get(topic)?.forEach((listener) => listener());
}
