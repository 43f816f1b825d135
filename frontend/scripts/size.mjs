// Fails the build when the page outgrows its budget, in KB (1024 bytes) after gzip.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = { 'first load js': 92, 'first load css': 10, 'largest later chunk': 12 };
const dist = new URL('../dist/', import.meta.url);
const read = (file) => readFileSync(new URL(file, dist));
const chunks = Object.values(JSON.parse(read('.vite/manifest.json')));
const html = read('index.html').toString();

/** A chunk and all that it imports at once. */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = read(file)
    .toString()
    .matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
  for (const [, next] of imports) withImports(`assets/${next}`, seen);
  return seen;
}

const kilobytes = (files) =>
  [...files].reduce((sum, file) => sum + gzipSync(read(file), { level: 9 }).length, 0) / 1024;

const linked = (pattern) => [...html.matchAll(pattern)].map(([, file]) => file);
const first = new Set(linked(/src="\/([^"]+\.js)"/g).flatMap((file) => [...withImports(file)]));
const later = chunks
  .map(({ file }) => file)
  .filter((file) => file.endsWith('.js') && !first.has(file));

const sizes = {
  'first load js': kilobytes(first),
  'first load css': kilobytes(linked(/href="\/([^"]+\.css)"/g)),
  'largest later chunk': Math.max(...later.map((file) => kilobytes([file]))),
};

for (const [name, size] of Object.entries(sizes)) {
  console.log(`${name}: ${size.toFixed(1)} KB gzip (budget ${BUDGET[name]} KB)`);
  if (size > BUDGET[name]) process.exitCode = 1;
}
