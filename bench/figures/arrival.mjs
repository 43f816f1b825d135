// Watches nine-model runs in Chromium: node arrival.mjs URL '{"runs": 3, "prompt": …}' prints
// {waits, paints, previews, polls}. With "long", the prompt of one more run, whose polls are counted;
// with "line", {"latency", "throughput"} in milliseconds and bytes a second, a browser so far away.
// A wait is from the provider's end to the socket message that shows its picture; a paint, to any
// form of the picture on the screen; a preview, to its preview there or to something sharper; all in
// milliseconds of the one clock that server and browser share.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../frontend/package.json', import.meta.url))(
  'playwright-core',
);
const [origin, wish] = process.argv.slice(2);
const { runs, prompt, long, line } = JSON.parse(wish);
const PATIENCE_MS = 120_000;
const SANDBOXED_ELSEWHERE = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const found = { waits: [], paints: [], previews: [], polls: 0 };

/** Notes in the page when each form of a picture was painted. */
function notePaints() {
  window.painted = {};
  const note = ({ identifier, startTime, url }) => {
    window.painted[identifier] ??= [];
    window.painted[identifier].push({ url, at: performance.timeOrigin + startTime });
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

/** A page at the end of that line. Its policy names the real addresses of sockets only. */
async function openPage(browser) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1600 }, bypassCSP: true });
  if (!line) return page;
  const session = await page.context().newCDPSession(page);
  const { latency, throughput } = line;
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  return page;
}

async function watchRun(browser, prompt) {
  const page = await openPage(browser);
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
  const seen = line ? await whenSharp(page, id) : await look(page, id);
  await page.close();
  return seen.map(({ finished, index, forms, sharp }) => ({
    wait: heard[index] - finished,
    paint: forms[0].at - finished,
    preview: sharp && sharp.at - finished,
  }));
}

/** What was painted of each picture so far. */
async function look(page, id) {
  const { results } = await (await page.request.get(`${origin}/api/status/${id}`)).json();
  const painted = await page.evaluate(() => window.painted);
  return results.map(({ index, completedAt, previewUrl, imageUrl }) => {
    const forms = painted[`picture-${index}`];
    const sharp = forms.find(({ url }) => [previewUrl, imageUrl].some((own) => own && url.endsWith(own)));
    return { index, finished: Date.parse(completedAt), forms, sharp };
  });
}

async function whenSharp(page, id) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look(page, id);
    if (seen.every(({ sharp }) => sharp)) return seen;
    if (Date.now() > end) throw new Error('a preview was never painted');
    await page.waitForTimeout(200);
  }
}

const browser = await chromium.launch({ executablePath, args: SANDBOXED_ELSEWHERE });
try {
  await watchRun(browser, prompt); // The first run warms the caches of both sides.
  for (let run = 1; run <= runs; run += 1) {
    for (const { wait, paint, preview } of await watchRun(browser, `${prompt} ${run}`)) {
      found.waits.push(wait);
      found.paints.push(paint);
      found.previews.push(preview);
    }
  }
  found.polls = 0;
  if (long) await watchRun(browser, long);
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
