import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/client';
import { model } from '../../testing/samples';
import { EMPTY_DRAFT } from './draft';
import { callFor, isUnanswered, settleCall, unansweredStore } from './unanswered';

const models = [model({ index: 1 }), model({ index: 2 })];
const draft = { ...EMPTY_DRAFT, prompt: 'A fox' };
const lost = new ApiError(0, 'UNREACHABLE', 'The server does not answer.');

beforeEach(() => unansweredStore.set([]));

it('a call without an answer is made again as it was, seed and all', () => {
  const call = callFor(draft, models);
  for (const error of [lost, new ApiError(502, 'X', 'Bad gateway'), new Error('Cut off')]) {
    settleCall(call, error);
    expect(isUnanswered(draft, models)).toBe(true);
    expect(callFor({ ...draft }, models)).toEqual(call);
  }
});

it.each([
  null,
  new ApiError(429, 'RATE_LIMITED', 'Too many.'),
  new ApiError(400, 'INVALID_INPUT', 'Wrong.'),
])('an answer ends it: the next click is a new run (%s)', (error) => {
  const call = callFor(draft, models);
  settleCall(call, error);
  expect(isUnanswered(draft, models)).toBe(false);
  expect(callFor(draft, models).key).not.toBe(call.key);
});

it.each([
  { prompt: 'A hare' },
  { models: [1] },
  { seed: 7 },
  { negativePrompt: 'people' },
  { steps: 40 },
])('another wish is another run: %j', (change) => {
  const call = callFor(draft, models);
  settleCall(call, lost);
  expect(callFor({ ...draft, ...change }, models).key).not.toBe(call.key);
  expect(callFor(draft, models)).toEqual(call);
});

it('an hour later nobody means that click any more', () => {
  vi.useFakeTimers();
  const call = callFor(draft, models);
  vi.advanceTimersByTime(61 * 60_000);
  expect(callFor(draft, models).key).not.toBe(call.key);
  vi.useRealTimers();
});
