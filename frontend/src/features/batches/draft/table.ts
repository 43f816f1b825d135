import type { Format } from '../../../api/batches';

const FORMATS: Record<string, Format> = {
  csv: 'csv',
  tsv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
};

/** What a file holds, by its name; null for what cannot be read. */
export const formatOf = (name: string): Format | null =>
  FORMATS[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? null;

/** The value at a path such as `product.name`, as a cell of a table shows it. */
export function cellText(row: Record<string, unknown>, path: string): string {
  // A name may have a dot itself.
  let value: unknown = row[path];
  if (value === undefined) {
    value = row;
    for (const name of path.split('.')) value = (value as Record<string, unknown> | null)?.[name];
  }
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
