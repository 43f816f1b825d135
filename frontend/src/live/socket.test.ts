import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore, type Store } from '../lib/store';
import { batch, job } from '../testing/samples';
import { Wire } from '../testing/wire';
import { LiveSocket } from './socket';

const MINUTE = 60_000;

let wires: Wire[];
let socket: LiveSocket;
let token: Store<string | null>;

const wire = (at: number): Wire => {
  const found = wires.at(at);
  if (!found) throw new Error(`there is no connection ${at}`);
  return found;
};

const watcher = () => ({ onJob: vi.fn(), onRefused: vi.fn() });

beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
  token = createStore<string | null>(null);
  socket = new LiveSocket(
    () => {
      const made = new Wire();
      wires.push(made);
      return made as unknown as WebSocket;
    },
    token,
    () => 0.5,
  );
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
});

describe('a live socket', () => {
  it('hands a job to those who watch it, and to nobody else', () => {
    const [mine, other] = [watcher(), watcher()];
    wire(0).accept();
    socket.watch('job-1', mine);
    socket.watch('job-2', other);
    wire(0).say({ type: 'job', job: job({ jobId: 'job-1' }) });
    expect(mine.onJob).toHaveBeenCalledExactlyOnceWith(job({ jobId: 'job-1' }));
    expect(other.onJob).not.toHaveBeenCalled();
  });

  it('subscribes on opening what was watched before', () => {
    socket.watch('job-1', watcher());
    wire(0).accept();
    expect(wire(0).sent).toEqual([{ action: 'subscribe', jobId: 'job-1' }]);
  });

  it('says who it is before it subscribes, and again with each new token', () => {
    token.set('first');
    socket.watch('job-1', watcher());
    wire(0).accept();
    expect(wire(0).sent).toEqual([{ action: 'authenticate', token: 'first' }]);
    expect(socket.state.get()).toBe('connecting');
    wire(0).say({ type: 'authenticated' });
    expect(wire(0).sent.at(-1)).toEqual({ action: 'subscribe', jobId: 'job-1' });
    expect(socket.state.get()).toBe('open');
    token.set('second');
    expect(wire(0).sent.at(-1)).toEqual({ action: 'authenticate', token: 'second' });
  });

  it('leaves the word to polling when its time is over, until it has said anew who it is', () => {
    const mine = watcher();
    token.set('first');
    socket.watch('job-1', mine);
    wire(0).accept();
    wire(0).say({ type: 'authenticated' });
    wire(0).say({ type: 'error', code: 'UNAUTHENTICATED' });
    expect(socket.state.get()).toBe('down');
    expect(mine.onRefused).not.toHaveBeenCalled();
    token.set('second');
    wire(0).say({ type: 'authenticated' });
    expect(socket.state.get()).toBe('open');
    expect(wire(0).count('subscribe')).toBe(2);
  });

  it('unsubscribes when the last watcher leaves, not before', () => {
    wire(0).accept();
    const [first, second] = [socket.watch('job-1', watcher()), socket.watch('job-1', watcher())];
    first();
    expect(wire(0).count('unsubscribe')).toBe(0);
    second();
    expect(wire(0).count('unsubscribe')).toBe(1);
  });

  it('comes back after a loss and subscribes again', () => {
    wire(0).accept();
    socket.watch('job-1', watcher());
    wire(0).drop();
    expect(socket.state.get()).toBe('down');
    vi.advanceTimersByTime(1000);
    wire(1).accept();
    expect(socket.state.get()).toBe('open');
    expect(wire(1).sent).toEqual([{ action: 'subscribe', jobId: 'job-1' }]);
  });

  it('waits longer after each failure, up to half a minute, and never gives up', () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 10; attempt++) {
      const [before, known] = [Date.now(), wires.length];
      wire(-1).drop();
      while (wires.length === known) vi.advanceTimersByTime(25);
      waits.push(Date.now() - before);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThanOrEqual(500);
    expect(waits.at(-1)).toBeGreaterThan(15_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(30_000);
  });

  it('pings well within the ten minutes after which the gateway hangs up', () => {
    wire(0).accept();
    vi.advanceTimersByTime(9 * MINUTE);
    expect(wire(0).count('ping')).toBeGreaterThanOrEqual(1);
  });

  it('replaces a connection that does not answer a ping', () => {
    wire(0).accept();
    socket.check();
    vi.advanceTimersByTime(5_000);
    expect(socket.state.get()).toBe('down');
    vi.advanceTimersByTime(1_000);
    expect(wires).toHaveLength(2);
  });

  it('keeps a connection that does answer', () => {
    wire(0).accept();
    socket.check();
    wire(0).say({ type: 'pong' });
    vi.advanceTimersByTime(6_000);
    expect(socket.state.get()).toBe('open');
    expect(wires).toHaveLength(1);
  });

  it('moves to a new connection before two hours are over, without a gap', () => {
    const opened = Date.now();
    wire(0).accept();
    socket.watch('job-1', watcher());
    while (wires.length < 2) {
      vi.advanceTimersByTime(MINUTE);
      wire(0).say({ type: 'pong' });
    }
    expect(Date.now() - opened).toBeLessThan(119 * MINUTE);
    expect(wire(0).readyState).toBe(WebSocket.OPEN);
    wire(1).accept();
    expect(wire(1).sent).toEqual([{ action: 'subscribe', jobId: 'job-1' }]);
    expect(wire(0).readyState).toBe(WebSocket.CLOSED);
    expect(socket.state.get()).toBe('open');
  });

  it('says when the server refuses a subscription', () => {
    const refused = watcher();
    wire(0).accept();
    socket.watch('job-1', refused);
    wire(0).say({ type: 'error', code: 'TOO_MANY_SUBSCRIBERS', error: 'full', jobId: 'job-1' });
    expect(refused.onRefused).toHaveBeenCalledOnce();
  });

  it('hands a batch to those who watch it, subscribes to it anew, and leaves it with the last', () => {
    const [mine, other] = [vi.fn(), vi.fn()];
    const leave = socket.watchBatch('b1', mine);
    socket.watchBatch('b2', other);
    wire(0).accept();
    expect(wire(0).sent).toContainEqual({ action: 'subscribe', batchId: 'b1' });
    const news = batch({ batchId: 'b1', seq: 4 });
    wire(0).say({ type: 'batch', batch: news });
    expect(mine).toHaveBeenCalledExactlyOnceWith(news);
    expect(other).not.toHaveBeenCalled();
    leave();
    expect(wire(0).sent.at(-1)).toEqual({ action: 'unsubscribe', batchId: 'b1' });
  });

  it('is not disturbed by nonsense', () => {
    const mine = watcher();
    wire(0).accept();
    socket.watch('job-1', mine);
    wire(0).onmessage?.({ data: '{"type":' });
    wire(0).say({ type: 'job' });
    expect(mine.onJob).not.toHaveBeenCalled();
    expect(socket.state.get()).toBe('open');
  });
});
