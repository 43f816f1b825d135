import type { Batch } from '../../../api/batches';
import { plural } from '../../../lib/format';
import { Button } from '../../../ui/Button';
import table from '../../../ui/Table.module.css';
import styles from '../Batches.module.css';
import { large, money } from '../words';
import { fewSentence, KEPT_FROM, type ModelScore, modelScores, usdPerKept } from './scores';
import { useScoredRows } from './useScoredRows';

/** What judges said of each model's pictures, and what one picture worth keeping costs. */
export function Scores({ batch }: { batch: Batch }) {
  const { rows, error, reading, readOn } = useScoredRows(batch);
  const models = modelScores(rows, batch);
  const few = fewSentence(models);
  return (
    <>
      <h3>What judges say</h3>
      <p className={styles.hint} role="status">
        {reading
          ? `${large(rows.length)} rows read…`
          : `Of ${plural(rows.length, 'row')} that ${rows.length === 1 ? 'is' : 'are'} done. Kept is a picture with a score of ${KEPT_FROM} or 5; its cost is all that its model cost there, by those kept. ${few}`}
      </p>
      {error && (
        <p role="alert" className={styles.problem}>
          {error.message}
        </p>
      )}
      {models.length > 0 && <Models models={models} />}
      {readOn && !reading && (
        <Button look="outline" onClick={readOn}>
          Read more rows
        </Button>
      )}
    </>
  );
}

const COLUMNS = ['Model', 'Step', 'Pictures', 'Scores', 'Mean score', 'Kept', 'A kept one costs'];

function Models({ models }: { models: ModelScore[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className={table.scroll} tabIndex={0} aria-label="Scores by model">
      <table className={table.table}>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map((each) => (
            <tr key={`${each.step} ${each.model}`}>
              <th scope="row">{each.model}</th>
              <td>{each.step}</td>
              <td>{each.pictures}</td>
              <td>{each.scores}</td>
              <td>{each.scores > 0 ? (each.sum / each.scores).toFixed(2) : '–'}</td>
              <td>{each.kept}</td>
              <td>{keptText(each)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function keptText(each: ModelScore): string {
  const usd = usdPerKept(each);
  if (usd === null) return '–';
  return `${each.unknown > 0 ? 'at least ' : ''}${money(usd)}`;
}
