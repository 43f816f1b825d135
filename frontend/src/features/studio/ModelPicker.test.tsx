import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { model } from '../../testing/samples';
import { ModelPicker } from './ModelPicker';

it('a model that cannot be used says why and cannot be chosen', () => {
  const reason = 'An administrator has not given you this model.';
  const models = [model(), model({ index: 2, name: 'Model Two', allowed: false, reason })];
  render(<ModelPicker models={models} chosen={models.slice(0, 1)} />);
  expect(screen.getByRole('checkbox', { name: /Model One/ })).toBeEnabled();
  const other = screen.getByRole('checkbox', { name: new RegExp(`Model Two.*${reason}`) });
  expect(other).toBeDisabled();
  // What can be used is all chosen already.
  expect(screen.getByRole('button', { name: 'None' })).toBeVisible();
});
