import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const engine = process.env.ENGINE_URL ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
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
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    sequence: { shuffle: true },
  },
});
