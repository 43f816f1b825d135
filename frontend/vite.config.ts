import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** A class's name and a few letters for its file: what is repeated in styles and code is kept short. */
function scopedName(name: string, file: string): string {
  const path = relative(import.meta.dirname, file.replace(/\?.*$/, ''));
  return `${name}-${createHash('sha256').update(path).digest('base64url').slice(0, 3)}`;
}

const engine = process.env.ENGINE_URL ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [react()],
  css: { modules: { generateScopedName: scopedName } },
  // The router brings a stand-in for what React itself has long had.
  resolve: { alias: { 'use-sync-external-store/shim/index.js': 'react' } },
  // All styles together are smaller than the code that would fetch them piece by piece.
  build: {
    target: 'es2024',
    manifest: true,
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    // All that the first load needs compresses best in one piece.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'page', test: /src.main\.tsx$/ }] } },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': engine,
      '/group-images': engine,
      '/ws': { target: engine, ws: true },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    sequence: { shuffle: true },
  },
});
