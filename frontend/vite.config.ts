import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const engine = process.env.ENGINE_URL ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [react()],
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
