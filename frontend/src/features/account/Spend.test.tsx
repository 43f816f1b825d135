import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { createQueryClient } from '../../api/queries';
import Spend from './Spend';

it('what was spent is told by day, model and person, as well as it is known', async () => {
  const money = { exact: 0.25, estimated: 0.5, unknown: 0 };
  const day = {
    day: '2026-11-26',
    dollars: money,
    reserved: 0.125,
    models: [{ name: 'Model One', dollars: money }],
    users: [{ name: 'u-1', dollars: money }],
  };
  const answers: Record<string, object> = {
    '/api/admin/spend': { days: [day] },
    '/api/admin/users?': { users: [{ userId: 'u-1', email: 'ann@example.org' }], next: null },
  };
  vi.stubGlobal('fetch', async (path: string) => Response.json(answers[path] ?? {}));
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Spend />
    </QueryClientProvider>,
  );
  expect(await screen.findByText('2026-11-26: $0.75')).toBeVisible();
  expect(
    screen.getByText(/0.25 exact · ≈ \$0.50 estimated · \$0.13 under way/),
  ).toBeInTheDocument();
  expect(await screen.findByText(/ann@example.org/)).toBeInTheDocument();
  expect(screen.getByText(/Model One/)).toBeInTheDocument();
});
