import { useState } from 'react';
import { type Batch, setBudget } from '../../../api/batches';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import styles from '../Batches.module.css';
import { useBatchChange } from '../queries';
import { money } from '../words';

/** What is spent, set aside and left of the budget; together they are the whole of it. */
export function Money({ batch }: { batch: Batch }) {
  const [asking, setAsking] = useState(false);
  const { budget } = batch;
  const known = Math.max(0, budget.spent - budget.unknown);
  return (
    <section className={styles.panel} aria-label="Money">
      <h2>
        {money(budget.left)} left of {money(budget.limit)}
      </h2>
      <span className={styles.rowsBar} aria-hidden="true">
        <i data-part="done" style={{ flexGrow: known }} />
        <i data-part="failed" style={{ flexGrow: budget.unknown }} />
        <i data-part="running" style={{ flexGrow: budget.reserved }} />
        <i style={{ flexGrow: budget.left }} />
      </span>
      <dl className={styles.numbers}>
        <Amount name="spent" amount={budget.spent} part="done" />
        <Amount name="of that unknown" amount={budget.unknown} part="failed" />
        <Amount name="reserved" amount={budget.reserved} part="running" />
        <Amount name="left" amount={budget.left} />
      </dl>
      <p className={styles.hint}>
        {budget.unknown > 0
          ? 'Unknown is what was set aside for calls whose answer was lost: they may have been billed.'
          : 'Before each call its worst case is reserved, so that the budget holds.'}
      </p>
      {!['cancelling', 'cancelled'].includes(batch.state) && (
        <Button look="outline" onClick={() => setAsking(true)}>
          Change the budget
        </Button>
      )}
      {asking && <BudgetDialog batch={batch} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Amount({ name, amount, part }: { name: string; amount: number; part?: string }) {
  return (
    <div data-part={part}>
      <dt>{name}</dt>
      <dd>{money(amount)}</dd>
    </div>
  );
}

/** Asks for another limit. */
export function BudgetDialog({ batch, onClose }: { batch: Batch; onClose(): void }) {
  const { change, busy } = useBatchChange(batch.batchId);
  const { limit, spent, reserved } = batch.budget;
  const least = Math.max(0.01, Math.ceil((spent + reserved) * 100) / 100);
  const [usd, setUsd] = useState(String(limit));
  return (
    <Dialog title="Change the budget" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          change(() => setBudget(batch.batchId, Number(usd))).then(onClose, () => undefined);
        }}
      >
        <label>
          Budget in US dollars
          <input
            type="number"
            required
            min={least}
            max={1_000_000}
            step="any"
            value={usd}
            onChange={(event) => setUsd(event.target.value)}
          />
        </label>
        <p className={styles.hint}>
          {`Not below ${money(least)}: so much is spent or reserved. A batch that is out of budget goes on at once when it is raised.`}
        </p>
        <Button type="submit" look="primary" aria-disabled={busy}>
          Set the budget
        </Button>
      </form>
    </Dialog>
  );
}
