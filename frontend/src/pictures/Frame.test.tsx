import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { job, picture } from '../testing/samples';
import { Frame } from './Frame';

const until = (end: number) =>
  picture({ imageUrl: `/group-images/a.png?e=${end}&s=x`, thumbUrl: null, previewUrl: null });

const show = (end: number) => <Frame run={job()} picture={until(end)} alt="A fox" ratio="1:1" />;

it('a picture that is there is not fetched again when its address is renewed', async () => {
  const { rerender } = render(show(1000));
  fireEvent.load(screen.getByAltText('A fox'));
  await screen.findByAltText('A fox');
  await expect.poll(() => screen.getByAltText('A fox').dataset.shown).toBe('true');
  rerender(show(2000));
  expect(screen.getAllByRole('img')).toHaveLength(1);
  expect(screen.getByAltText('A fox')).toHaveAttribute('src', '/group-images/a.png?e=1000&s=x');
});

it('a picture that did not come is fetched by its new address', () => {
  const { rerender } = render(show(1000));
  rerender(show(2000));
  expect(screen.getByAltText('A fox')).toHaveAttribute('src', '/group-images/a.png?e=2000&s=x');
});

it('gives the original to whoever presses on the lighter picture that is shown', async () => {
  const shown = picture({ previewUrl: '/group-images/a.preview.webp' });
  render(<Frame run={job()} picture={shown} alt="A fox" ratio="1:1" />);
  fireEvent.load(screen.getByAltText('A fox'));
  await expect.poll(() => screen.getByAltText('A fox').dataset.shown).toBe('true');
  fireEvent.contextMenu(screen.getByAltText('A fox'));
  const layers = [...(screen.getByAltText('A fox').parentElement?.children ?? [])];
  expect(layers.at(-1)).toHaveAttribute('src', shown.imageUrl);
});

it('is dragged out as the provider’s own file, under its name', () => {
  const shown = picture({ previewUrl: '/group-images/a.preview.webp' });
  render(<Frame run={job()} picture={shown} alt="A fox" ratio="1:1" />);
  const given = new Map<string, string>();
  const dataTransfer = { setData: (type: string, data: string) => given.set(type, data) };
  fireEvent.dragStart(screen.getByAltText('A fox'), { dataTransfer });
  expect(given.get('text/uri-list')).toMatch(/^http.*\/group-images\/t\/one\.png$/);
  expect(given.get('DownloadURL')).toContain(
    'image/png:2026-11-21 fox-in-the 01 model-one.png:http',
  );
});
