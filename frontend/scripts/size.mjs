// Fails the build when the first load outgrows its budget: the entry and all it imports statically, gzipped.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = { js: 92, css: 10 };
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

function withImports(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) withImports(next, seen);
  return seen;
}

const kilobytes = (files) =>
  files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length,
    0,
  ) / 1024;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const chunks = [...withImports(entry)].map((key) => manifest[key]);
const size = {
  js: kilobytes(chunks.map((chunk) => chunk.file)),
  css: kilobytes([...new Set(chunks.flatMap((chunk) => chunk.css ?? []))]),
};

for (const kind of ['js', 'css']) {
  console.log(`first load ${kind}: ${size[kind].toFixed(1)} KB gzip (budget ${budget[kind]} KB)`);
  if (size[kind] > budget[kind]) process.exitCode = 1;
}
