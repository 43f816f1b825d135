import { type RefObject, useId } from 'react';
import styles from './Draft.module.css';
import type { Found } from './problems';

interface EditorProps {
  value: string;
  onChange(value: string): void;
  problems: Found[];
  field: RefObject<HTMLTextAreaElement | null>;
}

const FEWEST_LINES = 14;

/** A text with its lines numbered; those with a problem are marked. Tab leaves it, as in every field. */
export function Editor({ value, onChange, problems, field }: EditorProps) {
  const id = useId();
  const lines = value.split('\n').length;
  const wrong = new Set(problems.map(({ line }) => line));
  return (
    <div className={styles.editor}>
      <ol className={styles.lines} aria-hidden="true">
        {Array.from({ length: Math.max(lines, FEWEST_LINES) }, (_, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line's number is all it is.
          <li key={n} data-wrong={wrong.has(n + 1) || undefined}>
            {n < lines ? n + 1 : ''}
          </li>
        ))}
      </ol>
      <label className="visually-hidden" htmlFor={id}>
        Template
      </label>
      <textarea
        ref={field}
        id={id}
        value={value}
        rows={Math.max(lines, FEWEST_LINES)}
        wrap="off"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        aria-invalid={problems.length > 0}
        aria-describedby="template-problems"
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
