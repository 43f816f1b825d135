import type { Batch, Cell, Row } from '../api/batches';
import type { Picture } from './select';

type StepColumn = Batch['columns'][number];

export interface MatrixColumn {
  key: string;
  step: string;
  model: string;
  kind: StepColumn['kind'];
  /** Which combination of the axes, from 1; 0 where there is one only. */
  point: number;
  /** The picture that a judge looks at. */
  of?: Place;
}

interface Place {
  step: string;
  model: string;
  /** Counted from 0. */
  point: number;
}

const keyOf = ({ step, model, point }: Place, of?: Place | null): string =>
  [step, model, ...(of ? [of.step, of.model, of.point] : [point])].join('\n');

/** A judge's cell goes by the picture that it is about. */
export const cellKey = (cell: Cell): string => keyOf(cell, cell.of);

const placesOf = ({ step, models, points }: StepColumn): Place[] =>
  models.flatMap((model) => Array.from({ length: points }, (_, point) => ({ step, model, point })));

/** Every cell that a row is made of, in the order in which they are made. */
export function columnsOf({ columns }: Pick<Batch, 'columns'>): MatrixColumn[] {
  return columns.flatMap((column, at) => {
    const { step, kind, models, points } = column;
    if (kind === 'judge') return models.flatMap((model) => judged(columns, at, step, model));
    return placesOf(column).map((place) => ({
      ...place,
      kind,
      key: keyOf(place),
      point: points > 1 ? place.point + 1 : 0,
    }));
  });
}

/** A judge has a cell for each picture of the step before it. */
function judged(columns: StepColumn[], at: number, step: string, model: string): MatrixColumn[] {
  const pictures = columns.slice(0, at).findLast(({ kind }) => kind === 'image');
  const places = pictures ? placesOf(pictures) : [];
  return places.map((of) => ({
    key: keyOf({ step, model, point: 0 }, of),
    step,
    model,
    kind: 'judge' as const,
    point: pictures && pictures.points > 1 ? of.point + 1 : 0,
    of,
  }));
}

/** The cell of a row in a column; undefined where it has not begun. */
export const cellOf = (row: Row | undefined, { key }: MatrixColumn): Cell | undefined =>
  row?.cells.find((cell) => cellKey(cell) === key);

/** A column as it is called. */
export const columnName = ({ step, model, point, of }: MatrixColumn): string =>
  `${step}${of ? ` of ${of.model}` : ''}, ${model}${point > 0 ? `, variant ${point}` : ''}`;

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

/** A row as it is called. */
export const rowName = ({ row, data }: Row): string => `Row ${row} ${summary(data)}`.trim();

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
