import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Action, addLayer, dispatchKey, keyCaps, singleKeysEnabled } from './actions';

const leave: (() => void)[] = [];

function offer(change: Partial<Action> & { keys: string }, modal = false) {
  const run = vi.fn();
  const action: Action = { id: change.keys, label: 'Do it', group: 'Page', run, ...change };
  leave.push(addLayer({ actions: [action], modal }));
  return run;
}

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function add<T extends keyof HTMLElementTagNameMap>(tag: T) {
  return document.body.appendChild(document.createElement(tag));
}

beforeEach(() => window.addEventListener('keydown', dispatchKey));

afterEach(() => {
  window.removeEventListener('keydown', dispatchKey);
  for (const remove of leave.splice(0)) remove();
  document.body.replaceChildren();
  singleKeysEnabled.set(true);
});

describe('a key press', () => {
  it('runs the action it stands for, and keeps the key from the browser', () => {
    const run = offer({ keys: 'R' });
    expect(press('r').defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it('leaves keys alone that mean nothing here', () => {
    offer({ keys: 'R' });
    expect(press('q').defaultPrevented).toBe(false);
  });

  it('never takes a browser key: with Control or Alt, a letter is not ours', () => {
    const run = offer({ keys: 'R' });
    expect(press('r', { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(press('r', { altKey: true }).defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  it('is text while a field has the focus', () => {
    const run = offer({ keys: 'R' });
    press('r', {}, add('textarea'));
    press('r', {}, add('input'));
    expect(run).not.toHaveBeenCalled();
  });

  it('with Mod works in a field as well', () => {
    const run = offer({ keys: 'Mod+Enter' });
    press('Enter', { ctrlKey: true }, add('textarea'));
    press('Enter', { metaKey: true }, add('textarea'));
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('does nothing for an action that is not enabled', () => {
    const run = offer({ keys: 'R', enabled: false });
    expect(press('r').defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  it('counts only inside the place an action belongs to', () => {
    const run = offer({ keys: 'ArrowDown', within: 'section' });
    expect(press('ArrowDown').defaultPrevented).toBe(false);
    press('ArrowDown', {}, add('section'));
    expect(run).toHaveBeenCalledOnce();
  });

  it('goes to the topmost layer, and not past a modal one', () => {
    const [below, other] = [offer({ keys: 'D' }), offer({ keys: 'G' })];
    const above = offer({ keys: 'D' }, true);
    press('d');
    press('g');
    expect(above).toHaveBeenCalledOnce();
    expect(below).not.toHaveBeenCalled();
    expect(other).not.toHaveBeenCalled();
  });

  it('of a single letter can be switched off, and no other', () => {
    const [letter, chord] = [offer({ keys: 'R' }), offer({ keys: 'Mod+Enter' })];
    singleKeysEnabled.set(false);
    press('r');
    press('Enter', { ctrlKey: true });
    expect(letter).not.toHaveBeenCalled();
    expect(chord).toHaveBeenCalledOnce();
  });
});

it('keys are named as on the keyboard', () => {
  expect(keyCaps('Mod+Enter')).toEqual(['Ctrl', 'Enter']);
  expect(keyCaps('ArrowUp')).toEqual(['↑']);
});
