import type { Batch } from '../api/batches';
import { namedJob } from '../api/named';
import type { Job, Wire } from '../api/types';
import { createStore, type Store } from '../lib/store';
import type { SocketState } from './socketState';

export interface Watcher {
  onJob(job: Job): void;
  /** The server has no room for this subscription: ask it by polling instead. */
  onRefused(): void;
}

type TimerName = 'retry' | 'ping' | 'pong' | 'renew';

type Subject = { jobId: string } | { batchId: string };
type BatchWatcher = (batch: Batch) => void;

interface ServerMessage {
  type: 'job' | 'batch' | 'pong' | 'error' | 'authenticated';
  job?: Wire['Job'];
  batch?: Batch;
  jobId?: string;
  code?: string;
}

/** The gateway drops idle connections after ten minutes and all connections after two hours. */
const PING_EVERY_MS = 4 * 60_000;
const RENEW_AFTER_MS = 110 * 60_000;
const PONG_WITHIN_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** One connection that is always being kept up, and resubscribes whatever is watched. */
export class LiveSocket {
  readonly state = createStore<SocketState>('connecting');
  #watchers = new Map<string, Set<Watcher>>();
  #batchWatchers = new Map<string, Set<BatchWatcher>>();
  #socket: WebSocket | null = null;
  #dialling: WebSocket | null = null;
  #failures = 0;
  #timers: { [name in TimerName]?: ReturnType<typeof setTimeout> } = {};
  readonly #forgetToken: () => void;

  constructor(
    private readonly open: () => WebSocket,
    /** Who the page is to the server; null where nobody signs in. */
    private readonly token: Store<string | null>,
    private readonly random: () => number = Math.random,
  ) {
    this.#forgetToken = token.subscribe(() => this.#authenticate());
    this.#dial();
  }

  watch(jobId: string, watcher: Watcher): () => void {
    return this.#watch(this.#watchers, jobId, { jobId }, watcher);
  }

  /** Tells how a batch stands; who needs certainty asks now and then as well. */
  watchBatch(batchId: string, watcher: BatchWatcher): () => void {
    return this.#watch(this.#batchWatchers, batchId, { batchId }, watcher);
  }

  #watch<W>(all: Map<string, Set<W>>, id: string, subject: Subject, watcher: W): () => void {
    const watchers = all.get(id) ?? new Set<W>();
    all.set(id, watchers.add(watcher));
    if (this.state.get() === 'open') this.#send({ action: 'subscribe', ...subject });
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0 || all.get(id) !== watchers) return;
      all.delete(id);
      this.#send({ action: 'unsubscribe', ...subject });
    };
  }

  /** Makes sure that the connection is alive, now: after sleep, focus, or a long silence. */
  check(): void {
    if (this.#socket) this.#ping();
    else this.#dial();
  }

  close(): void {
    this.#forgetToken();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    for (const socket of [this.#socket, this.#dialling]) if (socket) discard(socket);
    this.#socket = this.#dialling = null;
  }

  #dial(): void {
    if (this.#dialling) return;
    clearTimeout(this.#timers.retry);
    const socket = this.open();
    this.#dialling = socket;
    socket.onopen = () => this.#adopt(socket);
    socket.onclose = () => this.#lost(socket);
    socket.onmessage = (event) => this.#receive(String(event.data));
  }

  /** Takes over from an older connection only once the new one stands, so that nothing is missed. */
  #adopt(socket: WebSocket): void {
    if (this.#socket) discard(this.#socket);
    this.#socket = socket;
    this.#dialling = null;
    this.#failures = 0;
    this.#arm('ping', PING_EVERY_MS, () => this.#ping());
    this.#arm('renew', RENEW_AFTER_MS * (1 - this.random() / 10), () => this.#dial());
    if (this.token.get()) this.#authenticate();
    else this.#ready();
  }

  /** Says who the page is; each new token prolongs what is subscribed. */
  #authenticate(): void {
    const token = this.token.get();
    if (token) this.#send({ action: 'authenticate', token });
  }

  #ready(): void {
    for (const jobId of this.#watchers.keys()) this.#send({ action: 'subscribe', jobId });
    for (const batchId of this.#batchWatchers.keys()) this.#send({ action: 'subscribe', batchId });
    this.state.set('open');
  }

  #lost(socket: WebSocket): void {
    if (socket === this.#dialling) this.#dialling = null;
    if (socket === this.#socket) {
      this.#socket = null;
      clearTimeout(this.#timers.ping);
      clearTimeout(this.#timers.pong);
    }
    if (!this.#socket) this.state.set('down');
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#arm('retry', longest * (0.5 + this.random() / 2), () => this.#dial());
  }

  #ping(): void {
    this.#send({ action: 'ping' });
    this.#arm('ping', PING_EVERY_MS, () => this.#ping());
    this.#arm('pong', PONG_WITHIN_MS, () => this.#abandon());
  }

  #abandon(): void {
    const socket = this.#socket;
    if (!socket) return;
    discard(socket);
    this.#lost(socket);
  }

  #receive(text: string): void {
    clearTimeout(this.#timers.pong);
    const message = parse(text);
    if (message?.type === 'job' && message.job)
      this.#tell(message.job.jobId, namedJob(message.job));
    if (message?.type === 'batch' && message.batch) this.#tellOfBatch(message.batch);
    if (message?.type === 'authenticated') this.#ready();
    if (message?.type === 'error' && message.jobId) this.#refuse(message.jobId);
    // Until the next token the page asks, and learns by that whether there is one to be had.
    else if (message?.code === 'UNAUTHENTICATED') this.state.set('down');
  }

  #tell(jobId: string, job: Job): void {
    for (const watcher of this.#watchers.get(jobId) ?? []) watcher.onJob(job);
  }

  #tellOfBatch(batch: Batch): void {
    for (const watcher of this.#batchWatchers.get(batch.batchId) ?? []) watcher(batch);
  }

  #refuse(jobId: string): void {
    for (const watcher of this.#watchers.get(jobId) ?? []) watcher.onRefused();
  }

  #send(
    message: { action: string; token?: string } & Partial<Record<'jobId' | 'batchId', string>>,
  ) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #arm(name: TimerName, delay: number, run: () => void): void {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(run, delay);
  }
}

function discard(socket: WebSocket): void {
  socket.onopen = socket.onclose = socket.onmessage = null;
  socket.close();
}

function parse(text: string): ServerMessage | null {
  try {
    return JSON.parse(text) as ServerMessage;
  } catch {
    return null;
  }
}
