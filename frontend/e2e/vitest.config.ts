import { defineConfig } from 'vitest/config';

const product = process.env.BASE_URL;
if (!product) throw new Error('Set BASE_URL to a running product, such as http://localhost:8000.');

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    environment: 'node',
    // Vite keeps the name BASE_URL for itself.
    env: { PRODUCT_URL: product },
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 30_000,
    // On a busy machine a page takes its time; what never comes still fails.
    expect: { poll: { timeout: 20_000 } },
  },
});
