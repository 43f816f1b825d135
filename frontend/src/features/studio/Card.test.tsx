import { render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Job, Result } from '../../api/types';
import type { Action } from '../../lib/actions';
import { job, picture, result } from '../../testing/samples';
import { Card } from './Card';

const action = (label: string, enabled = true): Action => ({
  id: label,
  label,
  group: 'Picture',
  enabled,
  run: vi.fn(),
});

const card = (shown: Result, retryable = true, run: Partial<Job> = {}) => (
  <Card
    job={job({ results: [shown], ...run })}
    result={shown}
    picked={false}
    actions={{
      pick: action('Pick'),
      star: action('Give it a star'),
      best: action('The best of this run'),
      download: action('Download'),
      seed: action('Use the seed'),
      copy: action('Copy picture'),
      share: action('Share picture', false),
      cancel: action('Cancel', shown.status === 'pending'),
      retry: action('Retry', retryable),
    }}
    onMeant={vi.fn()}
  />
);

const show = (...shown: Parameters<typeof card>) => render(card(...shown));

describe('a card', () => {
  it('waits before anything has begun', () => {
    show(result());
    expect(screen.getByText('Waiting')).toBeInTheDocument();
  });

  it('draws with a clock', () => {
    show(result({ status: 'in_progress', startedAt: new Date().toISOString() }));
    expect(screen.getByText(/Drawing/)).toHaveTextContent(/Drawing \d+\.\d s/);
  });

  it('says what a picture waits for that comes by callback', () => {
    const startedAt = new Date().toISOString();
    show(result({ status: 'in_progress', deferred: true, phase: 'waking', startedAt }));
    expect(screen.getByText(/Waking the model/)).toHaveTextContent(/minutes · \d+\.\d s/);
  });

  it('shows the whole picture in a place that was kept for it', () => {
    show(picture());
    const shown = screen.getByRole('img', { name: 'Model One: A fox in the snow' });
    expect(shown).toHaveAttribute('src', '/group-images/t/one.thumb.webp');
    expect(shown.parentElement).toHaveStyle({ aspectRatio: '1 / 1' });
  });

  it('says that it is the best and has a star', () => {
    show(picture({ resultId: '1', starred: true }), true, { verdict: { winner: '1', tags: [] } });
    expect(screen.getByText('Best')).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'Starred' })).toBeInTheDocument();
  });

  it('says neither of another picture', () => {
    show(picture({ resultId: '2' }), true, { verdict: { winner: '1', tags: [] } });
    expect(screen.queryByText('Best')).not.toBeInTheDocument();
    expect(screen.queryByRole('img', { name: 'Starred' })).not.toBeInTheDocument();
  });

  it('says why it failed and what to do', () => {
    show(
      result({ index: 3, status: 'error', error: 'The key was refused.', errorCode: 'BAD_KEY' }),
    );
    expect(screen.getByText('The key was refused.')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Retry: Model One' })).toBeEnabled();
  });

  it('offers no retry that would be refused', () => {
    show(result({ status: 'error', error: 'Refused.', errorCode: 'REFUSED' }), false);
    expect(screen.queryByRole('button', { name: /^Retry/ })).not.toBeInTheDocument();
  });

  it('is cancelled without blame', () => {
    show(result({ status: 'cancelled', cost: { amount: 0, basis: 'exact' } }));
    expect(screen.getByText('Cancelled')).toBeInTheDocument();
    expect(screen.queryByText('cost unknown')).not.toBeInTheDocument();
  });

  it('does not hide that a cancelled call may have been billed', () => {
    show(result({ status: 'cancelled', cost: { amount: null, basis: 'unknown' } }));
    expect(screen.getByText('cost unknown')).toBeInTheDocument();
  });

  it('can be cancelled until it has ended, and keeps the focus then', () => {
    const { rerender } = show(result());
    screen.getByRole('button', { name: /^Cancel/ }).focus();
    rerender(card(result({ status: 'cancelled' })));
    expect(screen.queryByRole('button', { name: /^Cancel/ })).not.toBeInTheDocument();
    expect(screen.getByRole('listitem')).toHaveFocus();
  });

  it('leaves the focus where it went meanwhile', () => {
    const { rerender } = show(result());
    screen.getByRole('button', { name: /^Cancel/ }).focus();
    screen.getByRole('button', { name: /^Cancel/ }).blur();
    rerender(card(result({ status: 'cancelled' })));
    expect(document.body).toHaveFocus();
  });
});
