import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { getTemplate, getTemplates, type SeedData } from '../../../api/batches';
import { type Action, askedAction } from '../../../lib/actions';
import { plural } from '../../../lib/format';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { showToast } from '../../../ui/toast';
import styles from '../Batches.module.css';
import own from './Draft.module.css';
import { type Base, type BatchDraft, BLANK, baseOf, isWritten } from './draft';
import { Editor } from './Editor';
import { Overtaken } from './Overtaken';
import { type Found, found, offsetOf, required } from './problems';
import { type Saving, templatesKey } from './save';
import type { useCheck } from './useCheck';

const Versions = lazy(() => import('./Versions'));

type Checked = ReturnType<typeof useCheck>;

interface TemplatePartProps {
  draft: BatchDraft;
  data: SeedData | undefined;
  check: Checked;
  saving: Saving;
  onChange(part: Partial<BatchDraft>): void;
}

/** What every row is made by: chosen or written, with its problems at their lines. */
export function TemplatePart({ draft, data, check, saving, onChange }: TemplatePartProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const problems = found(check.data?.problems ?? []);
  const show = ({ line, column }: Found) => {
    const at = offsetOf(draft.definition, line, column);
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  };
  return (
    <section className={own.part} aria-labelledby="template-part">
      <h2 id="template-part">Template</h2>
      <Choice draft={draft} saving={saving} onChange={onChange} />
      <Editor
        field={field}
        value={draft.definition}
        problems={problems}
        onChange={(definition) => onChange({ definition })}
      />
      <div id="template-problems" className={own.problems}>
        <p role="status" data-fine={problems.length === 0 || undefined}>
          {check.error ? check.error.message : verdict(check, problems.length)}
        </p>
        <ul>
          {problems.map((problem) => (
            <li key={`${problem.line} ${problem.text}`}>
              <button type="button" onClick={() => show(problem)}>
                <span className={own.where}>line {problem.line}</span> {problem.text}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <RequiredPaths requires={check.data?.requires ?? []} data={data} />
    </section>
  );
}

function verdict({ data, isCurrent }: Checked, problems: number): string {
  if (!data) return 'Being checked…';
  if (problems > 0) return plural(problems, 'problem');
  return isCurrent ? 'No problem found.' : 'Being checked…';
}

function RequiredPaths({ requires, data }: { requires: string[]; data: SeedData | undefined }) {
  if (requires.length === 0) return null;
  return (
    <>
      <h3>It requires of every row</h3>
      <ul className={own.required}>
        {required(requires, data).map(({ path, fits, text }) => (
          <li key={path} data-fits={fits || undefined}>
            <Icon name={fits ? 'check' : 'warning'} size={16} />
            <code>{path}</code> <span>{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

type ChoiceProps = Pick<TemplatePartProps, 'draft' | 'saving' | 'onChange'>;

/** A sample, a template of one's own in any version, or an empty one; and keeping what is written. */
function Choice({ draft, saving, onChange }: ChoiceProps) {
  const [compared, setCompared] = useState<{ from: number; to: number | null } | null>(null);
  const { data } = useQuery({
    queryKey: templatesKey,
    queryFn: ({ signal }) => getTemplates(signal),
  });
  const templates = data?.templates ?? [];
  const { base } = draft;
  const mine = templates.find(({ templateId }) => templateId === base?.templateId);
  const newest = base?.sample ? 1 : Math.max(mine?.version ?? 1, base?.version ?? 1);
  const load = useLoad(draft, onChange);
  const written = isWritten(draft);
  return (
    <>
      <div className={own.choice}>
        <label className={styles.field}>
          Start from
          <select value={base?.templateId ?? ''} onChange={(event) => load(event.target.value)}>
            <option value="">An empty one</option>
            {templates.map(({ templateId, name, sample }) => (
              <option key={templateId} value={templateId}>
                {sample ? `Sample: ${name}` : name}
              </option>
            ))}
            {base && !mine && <option value={base.templateId}>{base.templateId}</option>}
          </select>
        </label>
        {base && newest > 1 && <VersionChoice base={base} newest={newest} onLoad={load} />}
        {base && (newest > 1 || written) && (
          <Button
            look="outline"
            icon="history"
            onClick={() => setCompared(comparedFirst(base.version, written))}
          >
            What changed
          </Button>
        )}
        <Button
          icon="save"
          look="outline"
          disabled={saving.busy || !written}
          onClick={() => saving.save()}
        >
          Save
        </Button>
      </div>
      <Overtaken
        draft={draft}
        saving={saving}
        onCompare={(from) => setCompared({ from, to: null })}
      />
      <Suspense>
        {compared && base && (
          <Versions
            {...compared}
            templateId={base.templateId}
            newest={Math.max(newest, compared.from)}
            written={draft.definition}
            onOpen={(version) => load(base.templateId, version)}
            onClose={() => setCompared(null)}
          />
        )}
      </Suspense>
    </>
  );
}

/** What is written against its version; where nothing is, that version against the one before. */
const comparedFirst = (version: number, written: boolean) =>
  written
    ? { from: version, to: null }
    : { from: Math.max(1, version - 1), to: Math.max(2, version) };

interface VersionChoiceProps {
  base: Base;
  newest: number;
  onLoad(templateId: string, version: number): void;
}

function VersionChoice({ base, newest, onLoad }: VersionChoiceProps) {
  return (
    <label className={styles.field}>
      Version
      <select
        value={base.version}
        onChange={(event) => onLoad(base.templateId, Number(event.target.value))}
      >
        {Array.from({ length: newest }, (_, n) => newest - n).map((version) => (
          <option key={version}>{version}</option>
        ))}
      </select>
    </label>
  );
}

/** Puts a template into the editor; where words would be lost it asks first. */
function useLoad(draft: BatchDraft, onChange: ChoiceProps['onChange']) {
  const put = (templateId: string, version?: number) => {
    if (!templateId) {
      onChange({ definition: BLANK, base: null });
      return;
    }
    getTemplate(templateId, version).then(
      (loaded) =>
        onChange({
          definition: loaded.definition,
          base: baseOf(loaded),
          ...(loaded.sample ? { seedDataId: templateId } : {}),
        }),
      (error: Error) => showToast({ text: error.message }),
    );
  };
  return (templateId: string, version?: number) => {
    const action: Action = {
      id: 'load-template',
      label: 'Put it into the editor',
      group: 'Page',
      ask: 'What you have written is in no version yet, and goes.',
      run: () => put(templateId, version),
    };
    if (isWritten(draft)) askedAction.set(action);
    else action.run();
  };
}
