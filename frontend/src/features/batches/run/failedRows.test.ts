import { expect, it } from 'vitest';
import type { Cell, Row } from '../../../api/batches';
import { cellKey } from '../../../pictures/columns';
import { failedAt } from './failedRows';

const cell = (model: string, state: string, errorCode?: string): Cell => ({
  ...{ step: 'picture', model, point: 0, state, attempt: 1 },
  ...(errorCode ? { errorCode } : {}),
});

const row = (...cells: Cell[]): Row => ({ row: 1, state: 'failed', data: {}, cells });

it('a row failed anywhere, with a problem that it or a cell has, or in the column of a cell', () => {
  const refused = cell('A', 'failed', 'CONTENT_REFUSED');
  const failed = row(refused, cell('B', 'done'));
  expect(failedAt(failed, '')).toBe(true);
  expect(failedAt(failed, 'problem CONTENT_REFUSED')).toBe(true);
  expect(failedAt(failed, 'problem TIMEOUT')).toBe(false);
  expect(failedAt({ ...row(), errorCode: 'TIMEOUT' }, 'problem TIMEOUT')).toBe(true);
  expect(failedAt(failed, `column ${cellKey(refused)}`)).toBe(true);
  expect(failedAt(failed, `column ${cellKey(cell('B', 'done'))}`)).toBe(false);
});
