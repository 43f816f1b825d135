import type { Batch } from '../../../api/batches';
import table from '../../../ui/Table.module.css';
import styles from '../Batches.module.css';
import { money } from '../words';

const BASES = { exact: 'exact', estimated: 'estimated', unknown: 'nobody knows' };

/** What every step and model has come to. */
export function Costs({ batch: { spendBy, budget } }: { batch: Batch }) {
  if (spendBy.length === 0) return null;
  const calls = spendBy.reduce((sum, each) => sum + each.calls, 0);
  return (
    <details className={styles.costs}>
      <summary>Costs by step and model</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
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
    </details>
  );
}
