import { expect, it } from 'vitest';
import { result } from '../../testing/samples';
import { canRetry, sentence } from './faults';

const END = '2026-11-26T10:00:00.000Z';

const said = (error: string, secondsLater = 0) =>
  sentence(
    result({ index: 3, status: 'error', error, completedAt: END }),
    Date.parse(END) + secondsLater * 1000,
  );

it('a retry is offered where it may succeed, or where the sentence is what to mend first', () => {
  const failed = (errorCode: 'BAD_KEY' | 'REFUSED' | 'TIMEOUT', retryable: boolean) =>
    result({ status: 'error', errorCode, retryable });
  expect(canRetry(failed('TIMEOUT', true))).toBe(true);
  expect(canRetry(failed('REFUSED', false))).toBe(false);
  expect(canRetry(failed('BAD_KEY', false))).toBe(true);
  expect(canRetry(result({ status: 'cancelled' }))).toBe(true);
  expect(canRetry(result({ status: 'in_progress' }))).toBe(false);
});

it('names the setting of the slot that is meant', () => {
  expect(said('It did not answer; raise MODEL_<i>_TIMEOUT.')).toBe(
    'It did not answer; raise MODEL_3_TIMEOUT.',
  );
});

it('leaves the class names of libraries out', () => {
  expect(said('It could not be prepared (ProxySchemeUnknownError); check HTTPS_PROXY.')).toBe(
    'It could not be prepared; check HTTPS_PROXY.',
  );
  expect(said('Rejected (size); change it.')).toBe('Rejected (size); change it.');
});

it('counts a wait down, until it is over', () => {
  const error = 'No more calls for now; try again in 20 s.';
  expect(said(error, 5)).toBe('No more calls for now; try again in 15 s.');
  expect(said(error, 60)).toBe('No more calls for now; try again now.');
});
