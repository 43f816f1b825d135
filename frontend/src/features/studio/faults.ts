import type { Result } from '../../api/types';

const ADVICE: Record<string, (slot: string) => string> = {
  BAD_KEY: (slot) => `Check ${slot}_KEY in the settings, then retry.`,
  OUT_OF_CREDIT: () => 'Add credit to this provider’s account, then retry.',
  RATE_LIMITED: () => 'Retry then, or leave this model out.',
  REFUSED: () => 'Change the prompt, or leave this model out.',
  MODEL_RETIRED: (slot) => `Set ${slot}_NAME to a current model.`,
  BAD_REQUEST: () => 'Change the settings: this model cannot take them.',
  TIMEOUT: (slot) => `It may have been billed. Raise ${slot}_TIMEOUT if this model needs longer.`,
  UNAVAILABLE: () => 'The provider has trouble. Retry in a moment.',
  INTERRUPTED: () =>
    'The work was interrupted and may have been billed. Retry if you want it again.',
};

/** What a person can mend outside: asking again, unchanged, may then well succeed. */
const FIXABLE_OUTSIDE = ['BAD_KEY', 'OUT_OF_CREDIT'];

/** Whether to offer another attempt; one that could only fail the same way is not offered. */
export const canRetry = ({ status, retryable, errorCode }: Result): boolean =>
  status === 'cancelled' ||
  (status === 'error' && (retryable !== false || FIXABLE_OUTSIDE.includes(errorCode ?? '')));

/** What a person can do about a failed slot. */
export function advice({ errorCode, index }: Result): string {
  return ADVICE[errorCode ?? '']?.(`MODEL_${index}`) ?? 'Retry, or leave this model out.';
}
