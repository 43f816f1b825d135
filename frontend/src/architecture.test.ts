import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = import.meta.dirname;

/** What each part may import besides itself; a feature may import no other feature. */
const ALLOWED: Record<string, string[]> = {
  lib: [],
  ui: ['lib'],
  api: ['lib'],
  live: ['api', 'lib', 'ui'],
  pictures: ['api', 'lib', 'ui'],
  shell: ['api', 'lib', 'live', 'ui'],
  'features/account': ['api', 'lib', 'live', 'pictures', 'ui'],
  'features/batches': ['api', 'lib', 'live', 'pictures', 'ui'],
  'features/shared': ['api', 'lib', 'live', 'pictures', 'ui'],
  'features/studio': ['api', 'lib', 'live', 'pictures', 'ui'],
  'features/compare': ['api', 'lib', 'live', 'pictures', 'ui'],
  'features/leaderboard': ['api', 'lib', 'live', 'ui'],
  'features/gallery': ['api', 'lib', 'live', 'pictures', 'ui'],
};

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|\.d\.ts$|^testing\//.test(file))
  .map((file) => join(SOURCE, file));

const partOf = (file: string) =>
  Object.keys(ALLOWED).find((part) => relative(SOURCE, file).startsWith(`${part}/`));

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?['"](\.[^'"]+)['"]/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );
}

describe('the parts of the page', () => {
  it.each(Object.keys(ALLOWED))('%s imports only what lies beneath it', (part) => {
    const members = files.filter((file) => partOf(file) === part);
    const foreign = members.flatMap((file) =>
      importsOf(file)
        .map(partOf)
        .filter((other) => other !== part && !ALLOWED[part]?.includes(other ?? ''))
        .map((other) => `${relative(SOURCE, file)} imports ${other}`),
    );
    expect(members).not.toHaveLength(0);
    expect(foreign).toEqual([]);
  });

  it('has no file without a part, but for the entry', () => {
    const homeless = files.filter((file) => !partOf(file)).map((file) => relative(SOURCE, file));
    expect(homeless.toSorted()).toEqual(['App.tsx', 'main.tsx']);
  });

  it('stays under 400 lines a file', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
