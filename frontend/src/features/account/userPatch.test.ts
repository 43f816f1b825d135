import { describe, expect, it } from 'vitest';
import { limitsOf, standingOf } from './userPatch';

const form = { models: '1,2,3', 'model-1': 'on', 'model-2': 'on', 'model-3': 'on' };

describe('what an administrator sets for somebody', () => {
  it('is as for everybody where nothing is written and nothing is taken away', () => {
    const empty = { ...form, runsPerDay: '', spendPerDay: '' };
    expect(limitsOf(empty)).toEqual({ runsPerDay: null, spendPerDay: null, models: null });
  });

  it('is a number of runs, dollars and models', () => {
    const { 'model-2': _, ...fewer } = form;
    expect(limitsOf({ ...fewer, runsPerDay: '5', spendPerDay: '0.5' })).toEqual({
      runsPerDay: 5,
      spendPerDay: 0.5,
      models: [1, 3],
    });
  });

  it('leaves at least one model', () => {
    expect(() => limitsOf({ models: '1,2' })).toThrow('Leave them one model');
  });

  it('is whether they may come in, and as what', () => {
    expect(standingOf({ enabled: 'on', admin: 'on' })).toEqual({
      enabled: true,
      groups: ['admin', 'user'],
    });
    expect(standingOf({})).toEqual({ enabled: false, groups: ['user'] });
  });
});
