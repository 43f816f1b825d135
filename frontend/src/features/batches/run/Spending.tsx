import type { Batch } from '../../../api/batches';
import table from '../../../ui/Table.module.css';
import styles from '../Batches.module.css';
import { large, money } from '../words';
import { Scores } from './Scores';
import { SpendChart } from './SpendChart';
import { hasJudges } from './scores';

const BASES = { exact: 'exact', estimated: 'estimated', unknown: 'nobody knows' };

/** What it came to: each picture, each step and model as a chart and in numbers, and what judges say. */
export default function Spending({ batch }: { batch: Batch }) {
  if (batch.spendBy.length === 0) return <p>Nothing is spent yet.</p>;
  return (
    <div className={styles.wholeRow}>
      <p>{perPicture(batch)}</p>
      <SpendChart spendBy={batch.spendBy} />
      <Numbers batch={batch} />
      {hasJudges(batch) && <Scores batch={batch} />}
    </div>
  );
}

/** What one picture that stands has cost, and what is counted for it. */
export function perPicture({ pictures, budget }: Pick<Batch, 'pictures' | 'budget'>): string {
  if (pictures === 0) return 'No picture stands yet.';
  const standing = `${large(pictures)} ${pictures === 1 ? 'picture stands' : 'pictures stand'}`;
  const each = money(Math.round((budget.spent / pictures) * 1e6) / 1e6);
  return `${standing}, at ${each} each: all that is spent, with texts, judgements and failed tries in it.`;
}

function Numbers({ batch: { spendBy, budget } }: { batch: Batch }) {
  const calls = spendBy.reduce((sum, each) => sum + each.calls, 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className={table.scroll} tabIndex={0} aria-label="Costs by step and model">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Model</th>
            <th scope="col">Calls</th>
            <th scope="col">Cost</th>
            <th scope="col">Basis</th>
          </tr>
        </thead>
        <tbody>
          {spendBy.map(({ step, model, calls, usd, basis }) => (
            <tr key={`${step} ${model} ${basis}`}>
              <th scope="row">{step}</th>
              <td>{model}</td>
              <td>{calls}</td>
              <td>{usd === null ? 'unknown' : money(usd)}</td>
              <td>{BASES[basis]}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Together</th>
            <td />
            <td>{calls}</td>
            <td>{money(budget.spent)}</td>
            <td>{budget.unknown > 0 && `${money(budget.unknown)} of it unknown`}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
