import { expect, it } from 'vitest';
import { result } from '../../testing/samples';
import { advice, canRetry } from './faults';

it('a retry is offered where it may succeed, or where the advice is to retry', () => {
  const failed = (errorCode: 'BAD_KEY' | 'REFUSED' | 'TIMEOUT', retryable: boolean) =>
    result({ status: 'error', errorCode, retryable });
  expect(canRetry(failed('TIMEOUT', true))).toBe(true);
  expect(canRetry(failed('REFUSED', false))).toBe(false);
  expect(advice(failed('BAD_KEY', false))).toContain('then retry');
  expect(canRetry(failed('BAD_KEY', false))).toBe(true);
  expect(canRetry(result({ status: 'cancelled' }))).toBe(true);
  expect(canRetry(result({ status: 'in_progress' }))).toBe(false);
});
