import type { UserPatch } from '../../api/types';
import type { Values } from './Form';

/** What a person may do in a day, as the form has it; an empty field is as for everybody. */
export function limitsOf(values: Values): Pick<UserPatch, 'runsPerDay' | 'spendPerDay' | 'models'> {
  const known = (values.models ?? '').split(',').filter(Boolean).map(Number);
  const chosen = known.filter((index) => values[`model-${index}`]);
  if (chosen.length === 0) throw new Error('Leave them one model, or switch them off.');
  return {
    runsPerDay: values.runsPerDay ? Number(values.runsPerDay) : null,
    spendPerDay: values.spendPerDay ? Number(values.spendPerDay) : null,
    models: chosen.length === known.length ? null : chosen,
  };
}

/** Whether a person may come in, and as what. */
export const standingOf = (values: Values): Pick<UserPatch, 'enabled' | 'groups'> => ({
  enabled: values.enabled !== undefined,
  groups: values.admin === undefined ? ['user'] : ['admin', 'user'],
});
