import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { type Batch, type BatchRequest, planBatch, type SeedData } from '../../../api/batches';
import { useModels } from '../../../api/queries';
import { Button } from '../../../ui/Button';
import { Notice } from '../../../ui/Notice';
import styles from '../Batches.module.css';
import { batchesKey } from '../BatchList';
import { batchKey } from '../queries';
import own from './Draft.module.css';
import type { BatchDraft } from './draft';
import { OrderMore } from './OrderMore';
import { fieldsOf, orderOf } from './order';
import type { Saving } from './save';
import type { useCheck } from './useCheck';

interface OrderPartProps {
  draft: BatchDraft;
  data: SeedData | undefined;
  check: ReturnType<typeof useCheck>;
  saving: Saving;
}

/** How much of it is to be made, for how much money at most; then the plan, which costs nothing. */
export function OrderPart({ draft, data, check, saving }: OrderPartProps) {
  const plan = usePlan(draft, saving);
  const obstacle = obstacleTo(data, check);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (obstacle || plan.isPending) return;
    plan.mutate(orderOf(fieldsOf(new FormData(event.currentTarget))));
  };
  return (
    <form className={own.order} onSubmit={submit} aria-labelledby="order-part">
      <h2 id="order-part">How much</h2>
      <div className={own.fields}>
        <label className={styles.field}>
          Budget, US dollars
          <input name="budget" type="number" required min={0.01} step="any" defaultValue={5} />
        </label>
        <RowsChoice rows={data?.rows ?? 0} />
        <label className={styles.field}>
          Rest after so many rows
          <select name="pilot" defaultValue="3">
            <option value="">not at all</option>
            <option value="1">1, as a pilot</option>
            <option value="3">3, as a pilot</option>
            <option value="10">10, as a pilot</option>
          </select>
        </label>
      </div>
      <Models />
      <OrderMore />
      {plan.error && (
        <Notice title="The batch cannot be planned" tone="bad">
          <p>{plan.error.message}</p>
        </Notice>
      )}
      <div className={styles.actions}>
        <Button
          type="submit"
          look="primary"
          disabled={obstacle !== ''}
          aria-disabled={plan.isPending}
        >
          {plan.isPending ? 'One moment…' : 'Plan it'}
        </Button>
        <span className={styles.hint}>{obstacle || 'Nothing is spent before you start it.'}</span>
      </div>
    </form>
  );
}

function obstacleTo(
  data: SeedData | undefined,
  { data: checked, isCurrent }: OrderPartProps['check'],
) {
  if (!data) return 'It needs rows of data.';
  if (data.state !== 'ready') return 'The data is not ready.';
  if (!checked || !isCurrent) return 'The template is being checked.';
  return checked.problems.some(({ row }) => row == null) ? 'The template has problems.' : '';
}

function RowsChoice({ rows }: { rows: number }) {
  const [choice, setChoice] = useState('all');
  return (
    <div className={styles.field}>
      <label htmlFor="rows-choice">Rows</label>
      <span className={own.pair}>
        <select
          id="rows-choice"
          name="choice"
          value={choice}
          onChange={(event) => setChoice(event.target.value)}
        >
          <option value="all">all</option>
          <option value="first">the first</option>
          <option value="between">from … to …</option>
          <option value="sample">any, by chance</option>
        </select>
        {(choice === 'first' || choice === 'sample') && (
          <RowNumber
            name="count"
            label="How many rows"
            rows={rows}
            value={Math.min(rows || 10, 10)}
          />
        )}
        {choice === 'between' && (
          <>
            <RowNumber name="from" label="From row" rows={rows} value={1} />
            <RowNumber name="to" label="To row" rows={rows} value={rows || 1} />
          </>
        )}
        {choice === 'sample' && (
          <input
            name="draw"
            type="number"
            aria-label="Which draw: the same number draws the same rows"
            title="Which draw: the same number draws the same rows"
            required
            min={0}
            max={4_294_967_294}
            defaultValue={0}
          />
        )}
      </span>
    </div>
  );
}

interface RowNumberProps {
  name: string;
  label: string;
  rows: number;
  value: number;
}

function RowNumber({ name, label, rows, value }: RowNumberProps) {
  return (
    <input
      name={name}
      type="number"
      aria-label={label}
      required
      min={1}
      max={rows || undefined}
      defaultValue={value}
    />
  );
}

/** Which of the image models draw; none chosen leaves it to the template. */
function Models() {
  const models = useModels().data?.models.filter(({ enabled }) => enabled) ?? [];
  return (
    <details className={own.more}>
      <summary>Only some image models</summary>
      <fieldset className={own.models}>
        <legend className="visually-hidden">Only these image models</legend>
        {models.map(({ index, name }) => (
          <label key={index}>
            <input type="checkbox" name="models" value={index} /> {name}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

/** Keeps the template, then plans; the same wish, sent again, is the same batch. */
function usePlan({ seedDataId }: BatchDraft, saving: Saving) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const sent = useRef({ wish: '', key: '' });
  return useMutation({
    mutationFn: async (order: Partial<BatchRequest>): Promise<Batch> => {
      const { templateId, version } = await saving.kept();
      const wanted = { ...order, templateId, version, seedDataId };
      const wish = JSON.stringify(wanted);
      if (sent.current.wish !== wish) sent.current = { wish, key: crypto.randomUUID() };
      return planBatch(wanted, sent.current.key);
    },
    onSuccess: (batch) => {
      client.setQueryData(batchKey(batch.batchId), batch);
      client.invalidateQueries({ queryKey: batchesKey });
      navigate(`/batches/${batch.batchId}`);
    },
  });
}
