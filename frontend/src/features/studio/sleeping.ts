import type { Model, Result } from '../../api/types';

const WAKING = 'waking takes some minutes';

/** Whether a model of the operator's own sleeps now, and what that means; empty for all others. */
export function sleepNote({ deferred, warm }: Model): string {
  if (!deferred) return '';
  if (warm) return 'awake · ';
  return warm === false ? `asleep, ${WAKING} · ` : `may be asleep: ${WAKING} · `;
}

/** What a run will wait for, before it is started; empty when all answer at once. */
export function sleepers(chosen: Model[]): string {
  const asleep = chosen.filter(({ deferred, warm }) => deferred && !warm);
  if (asleep.length === 0) return '';
  const sure = asleep.every(({ warm }) => warm === false);
  const verb = asleep.length === 1 ? 'is' : 'are';
  return ` · ${asleep.length} ${sure ? verb : 'may be'} asleep: ${WAKING}`;
}

const PHASES = {
  queued: 'Handed over, waiting',
  waking: 'Waking the model, some minutes',
  drawing: 'Drawing, in its turn',
};

/** What a result waits for while nobody watches over it; you may close the page meanwhile. */
export function phaseText({ deferred, phase }: Result): string {
  return deferred ? PHASES[phase ?? 'queued'] : 'Drawing';
}
