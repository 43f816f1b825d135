import type { Action } from '../../lib/actions';

export type Mode = 'beside' | 'slider' | 'difference' | 'flicker';

const MODES: { mode: Mode; label: string; keys: string; most: number }[] = [
  { mode: 'beside', label: 'Side by side', keys: 'B', most: Number.POSITIVE_INFINITY },
  { mode: 'slider', label: 'Slider', keys: 'S', most: 2 },
  { mode: 'difference', label: 'Difference', keys: 'D', most: 2 },
  { mode: 'flicker', label: 'Flicker', keys: 'F', most: Number.POSITIVE_INFINITY },
];

/** The mode that an address asks for, if these pictures can be shown in it. */
export const modeOf = (asked: string | null, count: number): Mode =>
  MODES.find(({ mode, most }) => mode === asked && count <= most)?.mode ?? 'beside';

/** The ways to look at so many pictures; the one that is on leads back to side by side. */
export const modeActions = (now: Mode, count: number, show: (mode: Mode) => void): Action[] =>
  MODES.filter(({ most }) => count <= most).map(({ mode, label, keys }) => ({
    id: `mode-${mode}`,
    label,
    group: 'Compare',
    keys,
    run: () => show(mode === now ? 'beside' : mode),
  }));
