import type { ExportRequest } from '../../../api/batches';

export type Format = ExportRequest['format'];

/** Folders are in an archive; one that has no pictures as files has nothing to be put into them. */
export const mayPart = (format: Format, pictures: string | null): boolean =>
  format !== 'zip' || pictures !== 'url';

/** The form as the server takes it. */
export function exportOf(form: FormData): ExportRequest {
  const text = (name: string) => form.get(name)?.toString();
  const partition = (text('partition') ?? 'none') as NonNullable<ExportRequest['partition']>;
  const pictures = text('pictures') as ExportRequest['pictures'];
  return {
    format: text('format') as Format,
    rows: text('all') ? 'all' : 'done',
    partition,
    ...(partition === 'field' ? { field: text('field')?.trim() ?? '' } : {}),
    ...(pictures ? { pictures } : {}),
  };
}
