import { expect, it } from 'vitest';
import { browserOfFile } from './browser';
import { openStudio } from './studio';

const open = browserOfFile();

it('without accounts nothing of them is loaded or asked for', async () => {
  const page = await open();
  const asked: string[] = [];
  page.on('request', (request) => {
    asked.push(request.url());
    expect(request.headers().authorization).toBeUndefined();
  });
  await openStudio(page);
  await page.getByRole('checkbox').first().waitFor();
  expect(asked.some((url) => url.endsWith('/api/models'))).toBe(true);
  expect(asked.filter((url) => /api\/auth|\/(session|SignIn|Account)[^/]*\.js/.test(url))).toEqual(
    [],
  );
  expect(await page.getByRole('link', { name: 'Account' }).count()).toBe(0);
});
