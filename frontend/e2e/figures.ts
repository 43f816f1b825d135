import { appendFileSync } from 'node:fs';

/** Prints a figure, and keeps it where FIGURES_FILE says. */
export function keep(figure: string, values: Record<string, number>): void {
  const shown = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  console.log(`figure ${figure}: ${shown.join(' ')}`);
  const file = process.env.FIGURES_FILE;
  if (file) appendFileSync(file, `${JSON.stringify({ figure, ...values })}\n`);
}

export const round = (value: number, digits = 0): number => Number(value.toFixed(digits));
