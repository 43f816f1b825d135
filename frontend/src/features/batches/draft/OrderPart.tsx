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
import { type OrderFields, orderOf } from './order';
import { saveTemplate } from './save';
import type { useCheck } from './useCheck';

interface OrderPartProps {
  draft: BatchDraft;
  data: SeedData | undefined;
  check: ReturnType<typeof useCheck>;
  onChange(part: Partial<BatchDraft>): void;
}

/** How much of it is to be made, for how much money at most; then the plan, which costs nothing. */
export function OrderPart({ draft, data, check, onChange }: OrderPartProps) {
  const plan = usePlan(draft, onChange);
  const obstacle = obstacleTo(data, check);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (obstacle || plan.isPending) return;
    const form = new FormData(event.currentTarget);
    const fields = Object.fromEntries(form) as unknown as OrderFields;
    plan.mutate(orderOf({ ...fields, models: form.getAll('models').map(Number) }));
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
      <More />
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
          <option value="sample">any, by chance</option>
        </select>
        {choice !== 'all' && (
          <input
            name="count"
            type="number"
            aria-label="How many rows"
            required
            min={1}
            max={rows || undefined}
            defaultValue={Math.min(rows || 10, 10)}
          />
        )}
      </span>
    </div>
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

function More() {
  return (
    <details className={own.more}>
      <summary>More</summary>
      <div className={own.fields}>
        <Count label="Each row so many times" name="repeat" value={1} max={1000} />
        <Count label="Rows at once" name="concurrency" value={20} max={200} />
        <Count label="Stop after failures in a row" name="stopAfter" value={10} max={1_000_000} />
      </div>
    </details>
  );
}

interface CountProps {
  label: string;
  name: string;
  value: number;
  max: number;
}

function Count({ label, name, value, max }: CountProps) {
  return (
    <label className={styles.field}>
      {label}
      <input type="number" name={name} required min={1} max={max} defaultValue={value} />
    </label>
  );
}

/** Keeps the template, then plans; the same wish, sent again, is the same batch. */
function usePlan(draft: BatchDraft, onChange: OrderPartProps['onChange']) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const sent = useRef({ wish: '', key: '' });
  return useMutation({
    mutationFn: async (order: Partial<BatchRequest>): Promise<Batch> => {
      const base = await saveTemplate(draft, client);
      onChange({ base });
      const { templateId, version } = base;
      const wanted = { ...order, templateId, version, seedDataId: draft.seedDataId };
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
