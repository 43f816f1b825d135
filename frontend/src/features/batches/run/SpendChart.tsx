import type { Batch } from '../../../api/batches';
import styles from '../Batches.module.css';
import { money } from '../words';
import { type Bar, barsOf } from './bars';

const ROW = 38;

/** What each step and model has come to, as bars; the table beside it has the same numbers. */
export function SpendChart({ spendBy }: Pick<Batch, 'spendBy'>) {
  const bars = barsOf(spendBy);
  return (
    <svg
      className={styles.facts}
      width="100%"
      style={{ maxWidth: '44rem' }}
      height={bars.length * ROW}
      fill="currentColor"
      role="img"
      aria-label="Costs by step and model as bars; the table that follows has the same numbers"
    >
      {bars.map((bar, at) => (
        <BarLine key={`${bar.step} ${bar.model}`} bar={bar} y={at * ROW} />
      ))}
    </svg>
  );
}

function BarLine({ bar: { step, model, usd, share, unknown }, y }: { bar: Bar; y: number }) {
  const amount = [usd > 0 && money(usd), unknown > 0 && `${unknown} unknown`].filter(Boolean);
  return (
    <>
      <text x="0" y={y + 15}>
        {shortened(`${step} · ${model}`)}
      </text>
      <text x="100%" y={y + 15} textAnchor="end">
        {amount.join(' + ') || money(0)}
      </text>
      <rect y={y + 21} width="100%" height="8" rx="2" fill="var(--line)" />
      <rect y={y + 21} width={`${share * 100}%`} height="8" rx="2" fill="var(--accent)" />
    </>
  );
}

const LONGEST = 30;

const shortened = (name: string) =>
  name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
