import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { PoolError, type UserPool } from '../../api/accounts/pool';
import { tokens } from '../../testing/account';
import { SignInFlow } from './SignInFlow';

const asked = (challenge: string) => ({ challenge, session: `s-${challenge}`, user: 'ann' });

/** The pool as one test has it. */
function show(pool: object, open = false) {
  const onIn = vi.fn();
  render(<SignInFlow pool={pool as UserPool} open={open} onIn={onIn} />);
  return onIn;
}

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

async function signIn(password = 'Correct-horse-7') {
  await userEvent.type(screen.getByLabelText('E-mail'), 'ann@example.org');
  await userEvent.type(screen.getByLabelText('Password'), password);
  await press('Sign in');
}

describe('signing in', () => {
  it('tells a password manager what each field is', () => {
    show({});
    expect(screen.getByLabelText('E-mail')).toHaveAttribute('autocomplete', 'username');
    expect(screen.getByLabelText('Password')).toHaveAttribute('autocomplete', 'current-password');
  });

  it('says what was refused and keeps what was typed', async () => {
    const refused = new PoolError('NotAuthorizedException', 'The password is not right.');
    show({ signIn: vi.fn().mockRejectedValue(refused) });
    await signIn();
    expect(await screen.findByRole('alert')).toHaveTextContent('The password is not right.');
    expect(screen.getByLabelText('E-mail')).toHaveValue('ann@example.org');
    expect(screen.getByLabelText('Password')).toHaveValue('Correct-horse-7');
  });

  it('leads whoever was invited over a password of their own and a second step', async () => {
    const inside = tokens('ann');
    const pool = {
      signIn: vi.fn().mockResolvedValue(asked('NEW_PASSWORD_REQUIRED')),
      chooseFirstPassword: vi.fn().mockResolvedValue(asked('MFA_SETUP')),
      beginSetup: vi.fn().mockResolvedValue({ secret: 'ABCD2345', asked: asked('MFA_SETUP') }),
      endSetup: vi.fn().mockResolvedValue(inside),
    };
    const onIn = show(pool);
    await signIn();
    const fresh = await screen.findByLabelText('New password');
    expect(fresh).toHaveAttribute('autocomplete', 'new-password');
    await userEvent.type(fresh, 'Another-horse-8-battery');
    await press('Go on');
    expect(await screen.findByText('ABCD 2345')).toBeVisible();
    expect(await screen.findByRole('img', { name: /QR code/ })).toBeVisible();
    await userEvent.type(screen.getByLabelText('Code from your app'), '123 456');
    await press('Sign in');
    expect(pool.endSetup).toHaveBeenCalledWith(asked('MFA_SETUP'), '123456');
    expect(onIn).toHaveBeenCalledExactlyOnceWith(inside);
  });

  it('leads whoever has not confirmed the address to the code from the mail, and back', async () => {
    const unconfirmed = new PoolError('UserNotConfirmedException', 'Confirm first.');
    const pool = {
      signIn: vi.fn().mockRejectedValue(unconfirmed),
      confirm: vi.fn().mockResolvedValue({}),
      resend: vi.fn().mockResolvedValue({}),
    };
    show(pool);
    await signIn();
    await userEvent.type(await screen.findByLabelText('Code from the mail'), '123456');
    await press('Send another code');
    expect(screen.getByRole('status')).toHaveTextContent('Another mail is on its way');
    await press('Confirm');
    expect(pool.confirm).toHaveBeenCalledWith('ann@example.org', '123456');
    expect(await screen.findByText(/address is confirmed/)).toBeVisible();
  });

  it('offers an account to everybody only where it is open', () => {
    show({});
    expect(screen.queryByRole('button', { name: 'Make an account' })).toBeNull();
  });
});
