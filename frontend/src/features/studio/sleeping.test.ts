import { expect, it } from 'vitest';
import { model, result } from '../../testing/samples';
import { estimate } from './estimate';
import { phaseText, sleepers, sleepNote } from './sleeping';

const asleep = model({ deferred: true, warm: false });
const awake = model({ deferred: true, warm: true });
const unsure = model({ deferred: true, warm: null });

it('a model says before the click whether it sleeps and what waking takes', () => {
  expect(sleepNote(model())).toBe('');
  expect(sleepNote(awake)).toBe('awake · ');
  expect(sleepNote(asleep)).toBe('asleep, waking takes some minutes · ');
  expect(sleepNote(unsure)).toBe('may be asleep: waking takes some minutes · ');
});

it('the estimate of a run tells of those that sleep', () => {
  expect(sleepers([model(), awake])).toBe('');
  expect(sleepers([model(), asleep])).toBe(' · 1 is asleep: waking takes some minutes');
  expect(sleepers([asleep, unsure])).toBe(' · 2 may be asleep: waking takes some minutes');
  expect(estimate([model(), asleep])).toBe(
    '2 models ≈ $0.080 · 1 is asleep: waking takes some minutes',
  );
});

it('a result says what it waits for', () => {
  expect(phaseText(result())).toBe('Drawing');
  expect(phaseText(result({ deferred: true }))).toBe('Handed over, waiting');
  expect(phaseText(result({ deferred: true, phase: 'waking' }))).toMatch(/^Waking/);
  expect(phaseText(result({ deferred: true, phase: 'drawing' }))).toMatch(/^Drawing, in its turn/);
});
