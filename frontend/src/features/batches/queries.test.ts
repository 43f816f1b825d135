import { expect, it } from 'vitest';
import { batch } from '../../testing/samples';
import { newer } from './queries';

it('an answer that was overtaken changes nothing; one that says more, or the same anew, does', () => {
  const [older, known, anew] = [
    batch({ seq: 3 }),
    batch({ seq: 4 }),
    batch({ seq: 4, pictures: 8 }),
  ];
  expect(newer(undefined, older)).toBe(older);
  expect(newer(older, known)).toBe(known);
  expect(newer(known, older)).toBe(known);
  // What is reserved moves without a new number.
  expect(newer(known, anew)).toBe(anew);
});
