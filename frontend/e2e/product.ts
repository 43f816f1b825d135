import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll } from 'vitest';

const PROJECT = resolve(import.meta.dirname, '../..');
const PYTHON = join(PROJECT, '.venv/bin/python');
const READY = 'Pixel Prompt is ready at ';

interface Product {
  url: string;
  /** What it has printed before it was ready. */
  said: string;
  stop(): Promise<void>;
}

/** A product with settings of its own, on a free port and with data of its own. */
async function startProduct(settings: Record<string, string>): Promise<Product> {
  const data = await mkdtemp(join(tmpdir(), 'pixel-prompt-'));
  const { PATH, HOME } = process.env;
  const engine = spawn(PYTHON, ['-m', 'devstack', '--project', PROJECT], {
    cwd: PROJECT,
    env: { PATH, HOME, PORT: '0', DATA_DIR: data, ENV_FILE: '/dev/null', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => engine.once('exit', () => done()));
  const stop = async () => {
    engine.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true });
  };
  const lines: string[] = [];
  for await (const line of createInterface({ input: engine.stdout })) {
    lines.push(line);
    if (line.startsWith(READY)) {
      return { url: line.slice(READY.length).trim(), said: lines.join('\n'), stop };
    }
  }
  await stop();
  throw new Error(`The product did not start:\n${lines.join('\n')}`);
}

/** A product for the tests of one file; the answer is its address. */
export function productOfFile(settings: Record<string, string>): () => string {
  const product = startedForFile(settings);
  return () => product().url;
}

/** The same, with what it has printed. */
export function startedForFile(settings: Record<string, string>): () => Product {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct(settings);
  }, 60_000);
  afterAll(() => product.stop());
  return () => product;
}
