import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { picture } from '../testing/samples';
import { Frame } from './Frame';

const until = (end: number) =>
  picture({ imageUrl: `/group-images/a.png?e=${end}&s=x`, thumbUrl: null, previewUrl: null });

const show = (end: number) => <Frame picture={until(end)} alt="A fox" ratio="1:1" />;

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
