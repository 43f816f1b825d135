import type { BatchRequest } from '../../../api/batches';

/** What the form has, all as texts. */
export interface OrderFields {
  budget: string;
  choice: 'all' | 'first' | 'sample';
  /** Absent where all rows are made. */
  count?: string;
  pilot: string;
  repeat: string;
  concurrency: string;
  stopAfter: string;
  models: number[];
}

/** The form as the server takes it. */
export function orderOf(fields: OrderFields): Partial<BatchRequest> {
  const count = Number(fields.count) || 1;
  const rows: NonNullable<BatchRequest['rows']> = {
    all: {},
    first: { from: 1, to: count },
    sample: { sample: count },
  }[fields.choice];
  return {
    budgetUsd: Number(fields.budget),
    rows,
    repeat: Number(fields.repeat),
    concurrency: Number(fields.concurrency),
    stopAfterFailures: Number(fields.stopAfter),
    ...(fields.pilot ? { pilotRows: Number(fields.pilot) } : {}),
    ...(fields.models.length > 0 ? { models: fields.models } : {}),
  };
}
