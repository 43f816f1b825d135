import type { BatchRequest } from '../../../api/batches';
import type { AspectRatio } from '../../../api/types';

/** What the form has, all as texts; absent is what is not shown. */
export interface OrderFields {
  budget: string;
  choice: 'all' | 'first' | 'between' | 'sample';
  count?: string;
  from?: string;
  to?: string;
  /** Which sample of that size: the same number is the same rows. */
  draw?: string;
  pilot: string;
  repeat: string;
  concurrency: string;
  stopAfter: string;
  priority: NonNullable<BatchRequest['priority']>;
  seeds: string;
  guidances: string;
  models: number[];
  aspectRatios: AspectRatio[];
}

type Axes = NonNullable<BatchRequest['axes']>;

export const RATIOS: AspectRatio[] = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3'];

/** The fields as a form has them. */
export function fieldsOf(form: FormData): OrderFields {
  const all = (name: string) => form.getAll(name);
  return {
    ...(Object.fromEntries(form) as unknown as OrderFields),
    models: all('models').map(Number),
    aspectRatios: all('aspectRatios') as AspectRatio[],
  };
}

/** The numbers of `1, 2; 3`, each once. */
export const numbersOf = (text: string): number[] => [
  ...new Set((text.match(/[^\s,;]+/g) ?? []).map(Number)),
];

/** What every picture is drawn with, each with each; only what was chosen. */
export function axesOf(fields: Pick<OrderFields, 'seeds' | 'guidances' | 'aspectRatios'>): Axes {
  const chosen = {
    seed: numbersOf(fields.seeds),
    aspectRatio: fields.aspectRatios,
    guidance: numbersOf(fields.guidances),
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0));
}

/** How many pictures these make of one. */
export const pointsOf = (axes: Axes): number =>
  Object.values(axes).reduce((points, values) => points * (values?.length || 1), 1);

function rowsOf({ choice, count, from, to, draw }: OrderFields): NonNullable<BatchRequest['rows']> {
  const most = Number(count) || 1;
  if (choice === 'first') return { from: 1, to: most };
  if (choice === 'between') return { from: Number(from) || 1, to: Number(to) || 1 };
  if (choice === 'sample') return { sample: most, ...(draw ? { seed: Number(draw) } : {}) };
  return {};
}

/** The form as the server takes it. */
export function orderOf(fields: OrderFields): Partial<BatchRequest> {
  const axes = axesOf(fields);
  return {
    budgetUsd: Number(fields.budget),
    rows: rowsOf(fields),
    repeat: Number(fields.repeat),
    concurrency: Number(fields.concurrency),
    stopAfterFailures: Number(fields.stopAfter),
    priority: fields.priority,
    ...(fields.pilot ? { pilotRows: Number(fields.pilot) } : {}),
    ...(fields.models.length > 0 ? { models: fields.models } : {}),
    ...(Object.keys(axes).length > 0 ? { axes } : {}),
  };
}
