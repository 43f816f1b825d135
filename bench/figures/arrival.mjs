// Watches nine-model runs in Chromium: node arrival.mjs URL RUNS LONG prints {waits, paints, polls}.
// LONG is the prompt of one more run, whose polls are counted.
// A wait is from the provider's end to the socket message that shows its picture; a paint, to the
// picture on the screen; both in milliseconds of the one clock that server and browser share.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../frontend/package.json', import.meta.url))(
  'playwright-core',
);
const [origin, runs, long] = process.argv.slice(2);
const PATIENCE_MS = 120_000;
const SANDBOXED_ELSEWHERE = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const found = { waits: [], paints: [], polls: 0 };

/** Notes in the page when each picture's element was painted. */
function notePaints() {
  window.painted = {};
  const note = ({ identifier, startTime }) => {
    window.painted[identifier] ??= performance.timeOrigin + startTime;
  };
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
    type: 'element',
    buffered: true,
  });
}

/** When each finished slot was first heard of, by the page's own socket. */
function listen(page) {
  const heard = {};
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const { job } = JSON.parse(payload);
      for (const result of job?.results ?? [])
        if (result.status === 'completed') heard[result.index] ??= Date.now();
    }),
  );
  page.on('request', (request) => {
    if (request.url().includes('/api/status/')) found.polls += 1;
  });
  return heard;
}

async function watchRun(browser, prompt) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1600 } });
  await page.addInitScript(notePaints);
  const heard = listen(page);
  await page.goto(origin);
  await page.locator('[data-connection="live"]').waitFor();
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.waitForURL(/\/run\//);
  await page.waitForFunction(() => Object.keys(window.painted).length === 9, null, {
    timeout: PATIENCE_MS,
  });
  const id = /\/run\/([^?]+)/.exec(page.url())[1];
  const job = await (await page.request.get(`${origin}/api/status/${id}`)).json();
  const painted = await page.evaluate(() => window.painted);
  await page.close();
  return job.results.map(({ index, completedAt }) => {
    const finished = Date.parse(completedAt);
    return { wait: heard[index] - finished, paint: painted[`picture-${index}`] - finished };
  });
}

const browser = await chromium.launch({ executablePath, args: SANDBOXED_ELSEWHERE });
try {
  await watchRun(browser, 'A fox in the snow'); // The first run warms the caches of both sides.
  for (let run = 1; run <= Number(runs); run += 1) {
    for (const { wait, paint } of await watchRun(browser, `A fox in the snow ${run}`)) {
      found.waits.push(wait);
      found.paints.push(paint);
    }
  }
  found.polls = 0;
  await watchRun(browser, long);
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
