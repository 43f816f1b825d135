import type { Batch, Cell, Row } from '../../../api/batches';
import type { Picture } from '../../../pictures/select';

export interface MatrixColumn {
  key: string;
  step: string;
  model: string;
  kind: Batch['columns'][number]['kind'];
  /** Which combination of the axes, from 1; 0 where there is one only. */
  point: number;
}

const keyOf = (step: string, model: string, point: number) => `${step}\n${model}\n${point}`;

export const cellKey = ({ step, model, point }: Cell): string => keyOf(step, model, point);

/** Every cell that a row is made of, in the order in which they are made. */
export function columnsOf({ columns }: Pick<Batch, 'columns'>): MatrixColumn[] {
  return columns.flatMap(({ step, kind, models, points }) =>
    models.flatMap((model) =>
      Array.from({ length: points }, (_, point) => ({
        key: keyOf(step, model, point),
        step,
        model,
        kind,
        point: points > 1 ? point + 1 : 0,
      })),
    ),
  );
}

/** The cell of a row in a column; undefined where it has not begun. */
export const cellOf = (row: Row | undefined, { key }: MatrixColumn): Cell | undefined =>
  row?.cells.find((cell) => cellKey(cell) === key);

/** A column as it is called. */
export const columnName = ({ step, model, point }: MatrixColumn): string =>
  `${step}, ${model}${point > 0 ? `, variant ${point}` : ''}`;

/** The first words of a row's data, by which people know it. */
export function summary(data: Row['data']): string {
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (texts.length >= 3) return;
    if (typeof value === 'string' || typeof value === 'number') texts.push(String(value).trim());
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(data);
  return texts.filter(Boolean).join(' · ').slice(0, 120);
}

/** An output in one line of text: a judge's score first. */
export function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (output === null || output === undefined) return '';
  const { score, reason } = output as { score?: unknown; reason?: unknown };
  if (typeof score === 'number')
    return `${score} of 5. ${typeof reason === 'string' ? reason : ''}`;
  return JSON.stringify(output, null, 2);
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  svg: 'image/svg+xml',
};

/** The pictures of a row as the viewer takes them, numbered by their columns. */
export function picturesOf(row: Row | undefined, columns: MatrixColumn[]): Picture[] {
  return columns.flatMap((column, index) => {
    const cell = cellOf(row, column);
    if (!cell?.imageUrl) return [];
    const extension = /\.(\w+)(?:\?|$)/.exec(cell.imageUrl)?.[1] ?? '';
    return {
      index: index + 1,
      model: cell.model,
      provider: '',
      modelId: '',
      status: 'completed' as const,
      attempt: cell.attempt,
      simulated: false,
      imageUrl: cell.imageUrl,
      contentType: TYPES[extension] ?? null,
      width: cell.width ?? null,
      height: cell.height ?? null,
      seed: cell.seed ?? null,
      duration: cell.seconds ?? null,
      cost: cell.cost ?? null,
    };
  });
}
