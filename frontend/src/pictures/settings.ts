import type { ModelsResponse } from '../api/types';
import { settingName } from './names';

/** What was asked for; a default is left to each model, so it is no setting of the run. */
export const settingsOf = (
  parameters: Record<string, unknown>,
  ranges: ModelsResponse['parameters'] = {},
): string[] =>
  Object.entries(parameters)
    .filter(([name, value]) => typeof value !== 'object' && value !== ranges[name]?.default)
    .map(([name, value]) => `${settingName(name)} ${value}`);
