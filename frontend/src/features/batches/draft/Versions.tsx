import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getTemplate } from '../../../api/batches';
import { lineDiff, type Piece } from '../../../lib/diff';
import { moment, plural } from '../../../lib/format';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Spinner } from '../../../ui/Spinner';
import styles from '../Batches.module.css';
import own from './Draft.module.css';
import { folded } from './folded';

/** In the place of a version: the text in the editor. */
const WRITTEN = 0;

interface VersionsProps {
  templateId: string;
  newest: number;
  /** The version to compare from. */
  from: number;
  /** The version to compare with; what is written where there is none. */
  to: number | null;
  /** What is in the editor. */
  written: string;
  onOpen(version: number): void;
  onClose(): void;
}

/** Two versions of a template, or one and what is written, by what differs between them. */
export default function Versions(props: VersionsProps) {
  const { templateId, newest, written, onOpen, onClose } = props;
  const [from, setFrom] = useState(props.from);
  const [to, setTo] = useState(props.to ?? WRITTEN);
  const before = useVersion(templateId, from);
  const after = useVersion(templateId, to);
  const texts = [before.data?.definition, to === WRITTEN ? written : after.data?.definition];
  const error = before.error ?? after.error;
  return (
    <Dialog title="What changed" onClose={onClose} wide>
      <div className={own.fields}>
        <Choice label="From" value={from} newest={newest} onChange={setFrom} />
        <Choice label="To" value={to} newest={newest} onChange={setTo} written />
        <Button
          look="outline"
          onClick={() => {
            onClose();
            onOpen(from);
          }}
        >
          {`Open version ${from}`}
        </Button>
      </div>
      <p className={styles.facts}>
        {[before.data, after.data]
          .flatMap((each) =>
            each?.createdAt ? `version ${each.version}: ${moment(each.createdAt)}` : [],
          )
          .join(' · ')}
      </p>
      {error && <p role="alert">{error.message}</p>}
      {texts.every((text) => text !== undefined) ? (
        <Difference lines={lineDiff(texts[0] ?? '', texts[1] ?? '')} />
      ) : (
        !error && <Spinner size={28} />
      )}
    </Dialog>
  );
}

/** A version never changes, so one that is here is never asked for again. */
const useVersion = (templateId: string, version: number) =>
  useQuery({
    queryKey: ['template', templateId, version],
    queryFn: ({ signal }) => getTemplate(templateId, version, signal),
    enabled: version !== WRITTEN,
    staleTime: Number.POSITIVE_INFINITY,
  });

interface ChoiceProps {
  label: string;
  value: number;
  newest: number;
  written?: boolean;
  onChange(version: number): void;
}

function Choice({ label, value, newest, written = false, onChange }: ChoiceProps) {
  return (
    <label className={styles.field}>
      {label}
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {written && <option value={WRITTEN}>what is in the editor</option>}
        {Array.from({ length: newest }, (_, n) => newest - n).map((version) => (
          <option key={version} value={version}>{`version ${version}`}</option>
        ))}
      </select>
    </label>
  );
}

const SIGNS = { same: ' ', added: '+', removed: '−' };

function Difference({ lines }: { lines: Piece[] }) {
  const count = (wanted: Piece['kind']) => lines.filter(({ kind }) => kind === wanted).length;
  const [added, removed] = [count('added'), count('removed')];
  return (
    <>
      <p role="status">
        {added + removed === 0
          ? 'Both are the same.'
          : `${plural(added, 'line')} added, ${plural(removed, 'line')} removed.`}
      </p>
      <ul className={styles.prompt} aria-label="Lines">
        {folded(lines).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is nothing but its place.
          <li key={at} data-kind={line.kind}>
            {line.kind === 'folded' ? (
              `${plural(line.lines, 'line')} the same`
            ) : (
              <Line line={line} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A line with its sign to be seen, and its word to be heard. */
function Line({ line: { kind, text } }: { line: Piece }) {
  return (
    <>
      <span aria-hidden="true">{SIGNS[kind]} </span>
      {kind !== 'same' && <span className="visually-hidden">{kind}: </span>}
      <span dir="auto">{text}</span>
    </>
  );
}
