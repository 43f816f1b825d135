import { serverNow } from '../lib/clock';

/** Before the end of an address by so much, another one is asked for. */
const BEFORE_END_MS = 30_000;
const SOONEST_MS = 3_000;
const END = /\?e=(\d+)&s=/g;

/** An address without its signature: what stays the same when it is renewed. */
export const unsigned = (url: string): string => url.replace(/\?e=\d+&s=.*$/, '');

const ends = new WeakMap<object, number>();

/** When the first of the private addresses in an answer dies, in epoch milliseconds. */
function endOf(answer: object): number {
  const known = ends.get(answer);
  if (known !== undefined) return known;
  const seconds = [...JSON.stringify(answer).matchAll(END)].map(([, end]) => Number(end));
  const end = Math.min(...seconds, Number.POSITIVE_INFINITY) * 1000;
  ends.set(answer, end);
  return end;
}

/** In how many milliseconds an answer has to be asked for again; false when its addresses stay. */
export function renewIn(answer: object | undefined, now = serverNow()): number | false {
  const end = answer ? endOf(answer) : Number.POSITIVE_INFINITY;
  return Number.isFinite(end) && Math.max(end - now - BEFORE_END_MS, SOONEST_MS);
}

/** Whether one of two equally new answers has addresses that live longer. */
export const livesLonger = (known: object, other: object): boolean => endOf(other) > endOf(known);
