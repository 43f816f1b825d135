import { createStored } from '../lib/stored';

export type Theme = 'system' | 'light' | 'dark';

export const themeStore = createStored<Theme>('theme', 'system');

function apply(): void {
  const theme = themeStore.get();
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
}

themeStore.subscribe(apply);

const isDark = () =>
  themeStore.get() === 'dark' ||
  (themeStore.get() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);

/** Goes to the other theme; back at the system's own, it follows the system again. */
export function toggleTheme(): void {
  const next = isDark() ? 'light' : 'dark';
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  themeStore.set(next === system ? 'system' : next);
}
