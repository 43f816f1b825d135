import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { picture } from '../testing/samples';
import { ResultFacts } from './ResultFacts';

it('tells size, seed, time and cost', () => {
  render(<ResultFacts result={picture()} />);
  for (const fact of ['1024×1024', 'seed 7', '2.5 s', '= $0.04'])
    expect(screen.getByText(fact, { exact: false })).toBeInTheDocument();
});

it('says when the model gave another shape than was asked for', () => {
  render(<ResultFacts result={picture({ requested: { aspectRatio: '16:9' } })} />);
  expect(screen.getByText('16:9 → 1024×1024')).toBeInTheDocument();
});

it('takes a size rounded to the model’s grid for the shape that was asked for', () => {
  const asked = { requested: { aspectRatio: '16:9' as const }, width: 1344, height: 768 };
  render(<ResultFacts result={picture(asked)} />);
  expect(screen.getByText('1344×768')).toBeInTheDocument();
});

it('never guesses: no seed is said, an unknown cost is unknown', () => {
  render(
    <ResultFacts result={picture({ seed: null, cost: { amount: null, basis: 'unknown' } })} />,
  );
  expect(screen.getByText('no seed')).toBeInTheDocument();
  expect(screen.getByText('cost unknown')).toBeInTheDocument();
});

it('lists what the model ignored and how it rewrote the prompt', () => {
  render(
    <ResultFacts
      result={picture({
        ignored: ['seed', 'steps', 'negativePrompt'],
        revisedPrompt: 'A red fox, sitting',
      })}
    />,
  );
  expect(screen.getByText('ignored steps, negative prompt')).toBeInTheDocument();
  expect(screen.getByText('A red fox, sitting')).toBeInTheDocument();
});
