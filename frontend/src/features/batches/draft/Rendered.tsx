import type { Check } from '../../../api/batches';
import { plural } from '../../../lib/format';
import styles from '../Batches.module.css';
import own from './Draft.module.css';

interface RenderedProps {
  check: Check | undefined;
  rows: Record<string, unknown>[];
  row: number;
  onRow(row: number): void;
}

/** What each step would be asked for one of the first rows. */
export function Rendered({ check, rows, row, onRow }: RenderedProps) {
  const at = Math.min(row, Math.max(rows.length - 1, 0));
  const prompts = check?.rendered.filter((each) => each.row === at) ?? [];
  if (rows.length === 0) return null;
  return (
    <section className={own.part} aria-labelledby="rendered-part">
      <div className={own.choice}>
        <h2 id="rendered-part">What is asked</h2>
        <label className={styles.field}>
          <span className="visually-hidden">for row</span>
          <select value={at} onChange={(event) => onRow(Number(event.target.value))}>
            {rows.map((_, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its number.
              <option key={n} value={n}>{`row ${n + 1}`}</option>
            ))}
          </select>
        </label>
      </div>
      {prompts.length === 0 && (
        <p className={styles.hint}>Nothing, as long as the template has a problem with this row.</p>
      )}
      {prompts.map(({ step, prompt, tokens, skipped }) => (
        <div key={step}>
          <h3>
            {step}{' '}
            <small className={own.tokens}>
              {skipped ? 'skipped' : `about ${plural(tokens, 'token')}`}
            </small>
          </h3>
          {!skipped && (
            <p className={styles.prompt} dir="auto">
              {prompt}
            </p>
          )}
        </div>
      ))}
    </section>
  );
}
