import type { Result } from '../../api/types';

/** What a person can mend outside: asking again, unchanged, may then well succeed. */
const FIXABLE_OUTSIDE = ['BAD_KEY', 'OUT_OF_CREDIT'];

/** Whether to offer another attempt; one that could only fail the same way is not offered. */
export const canRetry = ({ status, retryable, errorCode, provider }: Result): boolean =>
  // Before the verdict of a blind run a retry would tell.
  provider !== '' &&
  (status === 'cancelled' ||
    (status === 'error' && (retryable !== false || FIXABLE_OUTSIDE.includes(errorCode ?? ''))));

const CLASS_NAME = / \([A-Z]\w*(?:Error|Exception|Warning)\)/;
const WAIT = /try again in (\d+) s/;

/**
 * The one sentence on a failed slot, which says what to do as well: with the settings of this very
 * slot, without the class names of libraries, and with a wait that goes by.
 */
export function sentence({ error, index, completedAt }: Result, now: number): string {
  const said = error ?? 'No picture came, and nothing says why; retry, or leave this model out.';
  return said
    .replaceAll('MODEL_<i>_', `MODEL_${index}_`)
    .replace(CLASS_NAME, '')
    .replace(WAIT, (_, seconds) => waiting(Number(seconds), completedAt, now));
}

function waiting(seconds: number, from: string | null | undefined, now: number): string {
  const passed = from ? (now - Date.parse(from)) / 1000 : 0;
  const left = Math.ceil(seconds - Math.max(0, passed));
  return left > 0 ? `try again in ${left} s` : 'try again now';
}

/** True while a sentence counts down. */
export const isWaiting = (result: Result, now: number): boolean =>
  /again in \d+ s/.test(sentence(result, now));
