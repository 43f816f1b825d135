import { expect, it } from 'vitest';
import { exportOf, mayPart } from './exported';

function form(fields: Record<string, string>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return made;
}

it('asks for what the form shows, and for nothing that it does not', () => {
  expect(exportOf(form({ format: 'csv', partition: 'none' }))).toEqual({
    format: 'csv',
    rows: 'done',
    partition: 'none',
  });
  expect(exportOf(form({ format: 'zip', all: 'on', pictures: 'url' }))).toEqual({
    format: 'zip',
    rows: 'all',
    partition: 'none',
    pictures: 'url',
  });
  expect(
    exportOf(form({ format: 'parquet', partition: 'field', field: ' product.style ' })),
  ).toEqual({ format: 'parquet', rows: 'done', partition: 'field', field: 'product.style' });
});

it('a zip of addresses has no folders', () => {
  expect(mayPart('zip', 'url')).toBe(false);
  expect(mayPart('zip', 'file')).toBe(true);
  expect(mayPart('csv', null)).toBe(true);
});
