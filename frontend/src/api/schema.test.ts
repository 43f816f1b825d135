import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));

it('was generated from the OpenAPI document as it is now (else: npm run schema)', () => {
  const sum = createHash('sha256').update(read('../../openapi.json')).digest('hex');
  expect(read('./schema.d.ts').toString().trimEnd()).toMatch(new RegExp(`// openapi.json ${sum}$`));
});
