import type { BrowserContextOptions, Page, WebSocketRoute } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { card, cards, ended, runOfFile, serverJob, shownPictures } from './studio';

const open = browserOfFile();
const run = runOfFile('A fox in the snow');

interface Told {
  imageUrl: string;
  thumbUrl?: string | null;
  previewUrl?: string | null;
  previewError?: string;
  width: number;
  height: number;
}

/** A finished run whose previews come when the test says so: the product's own pictures, told anew. */
async function staged(options: BrowserContextOptions = {}) {
  const page = await open({ serviceWorkers: 'block', ...options });
  await page.goto('/icon.svg');
  await expect.poll(() => thumbnails(page)).toBe(9);
  const job = await serverJob(page, run().id);
  const preview = await scaled(page, job.results[0].imageUrl);
  await page
    .context()
    .route('**/preview-*.webp', (route) =>
      route.fulfill({ body: preview, contentType: 'image/webp' }),
    );
  const told = (seq: number, change: (result: Told, at: number) => object) => ({
    ...job,
    seq,
    completedAt: new Date().toISOString(),
    results: job.results.map((result: Told, at: number) => ({
      ...result,
      thumbUrl: null,
      previewUrl: null,
      ...change(result, at),
    })),
  });
  let now = told(1000, () => ({}));
  const sockets: WebSocketRoute[] = [];
  await page.route('**/api/status/**', (route) => route.fulfill({ json: now }));
  await page.routeWebSocket(/\/ws/, (socket) => {
    sockets.push(socket);
  });
  const tell = (change: (result: Told, at: number) => object) => {
    now = told(now.seq + 1, change);
    for (const socket of sockets) socket.send(JSON.stringify({ type: 'job', job: now }));
  };
  const withPreviews = () =>
    tell((_, at) => ({
      thumbUrl: job.results[at].thumbUrl,
      previewUrl: `/group-images/preview-${at}.webp`,
      revisedPrompt: 'The previews are here.',
    }));
  const sizes = job.results.map(({ width, height }: Told) => Math.max(width, height));
  return { page, sizes, tell, withPreviews, show: () => page.goto(`/run/${run().id}`) };
}

const thumbnails = async (page: Page): Promise<number> => {
  const { results } = await serverJob(page, run().id);
  return results.filter(({ thumbUrl }: Told) => thumbUrl).length;
};

/** The picture again, 1024 pixels along its longer side. */
async function scaled(page: Page, url: string): Promise<Buffer> {
  const bytes = await page.evaluate(async (url) => {
    const image = await createImageBitmap(await (await fetch(url)).blob());
    const scale = 1024 / Math.max(image.width, image.height);
    const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, url);
  return Buffer.from(bytes);
}

/** The original comes only when the test lets it: a line that is slow. */
async function slowOriginals(page: Page) {
  const given: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.context().route(/\/group-images\/.*\.(png|jpg|webp)$/, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (/thumb|preview/.test(pathname)) return route.fallback();
    given.push(pathname);
    await released;
    return route.continue().catch(() => undefined);
  });
  return { asked: given, release };
}

/** Of each shown picture its address, its own pixels and those that the screen gives it. */
const sharpness = (page: Page) =>
  shownPictures(page).evaluateAll((images) =>
    (images as HTMLImageElement[]).map((image) => {
      const [wide, high] = [image.naturalWidth, image.naturalHeight];
      const fit = Math.min(image.clientWidth / wide, image.clientHeight / high);
      const shown = Math.floor(Math.max(wide, high) * fit * devicePixelRatio);
      return { src: new URL(image.src).pathname, pixels: Math.max(wide, high), shown };
    }),
  );

const every = async (page: Page, pattern: RegExp) =>
  (await sharpness(page)).filter(({ src }) => pattern.test(src)).length;

/** Counts frames in which a card that had a picture shows none, and how far anything moved. */
async function watchForFlicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { blank: 0, shift: 0, had: new Set<string>() };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    const look = () => {
      for (const card of document.querySelectorAll<HTMLElement>('[data-card]')) {
        const shown = card.querySelector<HTMLImageElement>('img[data-shown]');
        const visible =
          shown?.complete && shown.naturalWidth > 0 && getComputedStyle(shown).opacity === '1';
        const name = card.dataset.card ?? '';
        if (visible) seen.had.add(name);
        else if (seen.had.has(name)) seen.blank++;
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

const flicker = (page: Page) =>
  page.evaluate(() => {
    const { seen } = window as unknown as { seen: { blank: number; shift: number } };
    return { blank: seen.blank, shift: seen.shift };
  });

describe('a picture whose previews come later', () => {
  it('is shown in full at once where the line is fast, and stays as it is', async () => {
    const { page, withPreviews, show } = await staged();
    await watchForFlicker(page);
    await show();
    await expect.poll(() => shownPictures(page).count()).toBe(9);
    expect(await every(page, /thumb|preview/)).toBe(0);
    withPreviews();
    await page.getByText('The previews are here.').first().waitFor({ state: 'attached' });
    expect(await every(page, /thumb|preview/)).toBe(0);
    const { blank, shift } = await flicker(page);
    expect(blank).toBe(0);
    expect(shift).toBeLessThanOrEqual(0.02);
  });

  it('is shown by its preview where the line is slow, which the original then leaves alone', async () => {
    const { page, withPreviews, show } = await staged();
    await watchForFlicker(page);
    const slow = await slowOriginals(page);
    const dropped = new Set<string>();
    page.on('requestfailed', (request) => dropped.add(new URL(request.url()).pathname));
    await show();
    await expect.poll(() => slow.asked.length).toBeGreaterThan(0);
    withPreviews();
    await expect.poll(() => every(page, /preview/)).toBe(9);
    expect(slow.asked.length).toBeLessThanOrEqual(2);
    expect(await page.locator('[data-card] img').count()).toBe(9);
    await expect.poll(() => slow.asked.every((path) => dropped.has(path))).toBe(true);
    const { blank, shift } = await flicker(page);
    expect(blank).toBe(0);
    expect(shift).toBeLessThanOrEqual(0.02);
    slow.release();
  });

  it('needs no original where previews come within a moment', async () => {
    const { page, withPreviews, show } = await staged();
    const slow = await slowOriginals(page);
    withPreviews();
    await show();
    await expect.poll(() => every(page, /preview/)).toBe(9);
    expect(slow.asked).toEqual([]);
    slow.release();
  });

  it('says quietly when there will be none, and is shown in full', async () => {
    const { page, tell, show } = await staged();
    tell(() => ({ previewError: 'cannot be decoded' }));
    await show();
    await expect.poll(() => shownPictures(page).count()).toBe(9);
    expect(await page.getByText('no preview: shown in full').count()).toBe(9);
    expect(await cards(page, 'completed').count()).toBe(9);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe.each([
  { name: 'a desktop', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
  { name: 'a sharp desktop', viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2 },
  { name: 'a wide screen', viewport: { width: 2560, height: 1300 }, deviceScaleFactor: 1.5 },
  { name: 'a phone', viewport: { width: 390, height: 844 }, deviceScaleFactor: 3 },
])('on $name', ({ viewport, deviceScaleFactor }) => {
  it('no picture is enlarged once the better one exists', async () => {
    const { page, sizes, withPreviews, show } = await staged({ viewport, deviceScaleFactor });
    withPreviews();
    await show();
    for (let slot = 1; slot <= 9; slot++) {
      await page.locator(`[data-card="${slot}"]`).scrollIntoViewIfNeeded();
      await expect
        .poll(async () => {
          const { pixels = 0, shown = 1 } = (await sharpness(page))[slot - 1] ?? {};
          return pixels >= Math.min(shown, sizes[slot - 1]);
        })
        .toBe(true);
    }
  });
});

it.each([
  [1, 'thumb'],
  [2, 'preview'],
])('the gallery at %i pixels a point shows a %s', async (deviceScaleFactor, form) => {
  const page = await open({ deviceScaleFactor });
  await expect.poll(() => thumbnails(page)).toBe(9);
  await page.goto('/gallery');
  const picture = page.locator('main li img').first();
  await picture.waitFor();
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).currentSrc))
    .toContain(`.${form}.webp`);
});

const SHAPES = ['1:1', '9:16', '16:9'] as const;

describe.each(SHAPES)('a run of %s', (aspectRatio) => {
  it.each([
    [1, 1440],
    [2, 1440],
    [3, 390],
  ])(
    'has a pixel of its file for each of the screen at %i a point',
    async (deviceScaleFactor, width) => {
      const page = await open({ deviceScaleFactor, viewport: { width, height: 850 } });
      const data = { prompt: `Sharp ${aspectRatio} at ${deviceScaleFactor}`, aspectRatio };
      const { jobId } = await (await page.request.post('/api/generate', { data })).json();
      await page.goto(`/run/${jobId}`);
      await ended(page);
      const { results } = await serverJob(page, jobId);
      const told: string[] = [];
      for (const { index, width, height } of results) {
        await card(page, index).scrollIntoViewIfNeeded();
        const whole = Math.max(width, height);
        let now = { pixels: 0, shown: 1 };
        await expect
          .poll(async () => {
            now = (await sharpness(page))[index - 1] ?? now;
            return now.pixels >= Math.min(now.shown, whole);
          })
          .toBe(true);
        told.push(`${now.pixels}/${now.shown}`);
      }
      console.log(`figure sharp ${aspectRatio} DPR ${deviceScaleFactor}: ${told.join(' ')}`);
    },
  );
});

/** What the browser was given to drag, and the picture its menu was about. */
interface Taken {
  link?: string;
  file?: string;
  menu?: string;
}

/** A run's page whose pictures are shown by their previews, and what is taken out of it. */
async function withPreviews() {
  const page = await open({ serviceWorkers: 'block' });
  const unpreviewed = async () => {
    const { results } = await serverJob(page, run().id);
    return results.filter(({ previewUrl }: Told) => !previewUrl).length;
  };
  await expect.poll(unpreviewed).toBe(0);
  await page.goto(`/run/${run().id}`);
  const { results } = await serverJob(page, run().id);
  const original = new URL(results[0].imageUrl, page.url()).href;
  const shown = card(page, 1).locator('img[data-shown]');
  expect(await shown.getAttribute('src')).not.toContain(results[0].imageUrl);
  await page.evaluate(() => {
    const taken: Taken = {};
    Object.assign(window, { taken });
    window.addEventListener('contextmenu', ({ clientX, clientY }) => {
      taken.menu = (document.elementFromPoint(clientX, clientY) as HTMLImageElement).src;
    });
    window.addEventListener('dragstart', ({ dataTransfer }) => {
      taken.link = dataTransfer?.getData('text/uri-list') ?? '';
      taken.file = dataTransfer?.getData('DownloadURL') ?? '';
    });
  });
  const taken = () => page.evaluate(() => (window as unknown as { taken: Taken }).taken);
  return { page, shown, original, taken };
}

it.each(['has come', 'is on its way'])(
  'a picture that is dragged gives the original under its name when that %s',
  async (when) => {
    const { page, shown, original, taken } = await withPreviews();
    let letCome = () => {};
    const dragged = new Promise<void>((resolve) => {
      letCome = resolve;
    });
    if (when === 'is on its way')
      await page.route(original, async (route) => {
        await dragged;
        await route.continue();
      });
    await shown.hover();
    await page.mouse.down();
    if (when === 'has come')
      await expect.poll(() => shown.evaluate((one: HTMLImageElement) => one.src)).toBe(original);
    await page.mouse.move(700, 500, { steps: 6 });
    await expect.poll(async () => (await taken()).link).toBe(original);
    letCome();
    await page.mouse.up();
    const { file } = await taken();
    expect(file).toMatch(/^image\/\w+:\d{4}-\d\d-\d\d fox-in-the 01 [a-z0-9-]+\.\w+:http/);
    expect(file?.endsWith(original)).toBe(true);
  },
);

it('the menu of a picture is about the original', async () => {
  const { shown, original, taken } = await withPreviews();
  await shown.click({ button: 'right' });
  await expect.poll(async () => (await taken()).menu).toBe(original);
});

it('a picture is copied with all its pixels', async () => {
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`/run/${run().id}?view=1`);
  await page.getByRole('dialog').locator('img[data-full]').waitFor();
  await page.keyboard.press('i');
  await page.getByText('Picture copied.').waitFor({ state: 'attached' });
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const bitmap = await createImageBitmap((await item?.getType('image/png')) as Blob);
    return { width: bitmap.width, height: bitmap.height };
  });
  const { width, height } = (await serverJob(page, run().id)).results[0];
  expect(copied).toEqual({ width, height });
});
