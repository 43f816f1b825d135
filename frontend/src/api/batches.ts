import { get, post, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Batch = Schemas['Batch'];
export type BatchState = Batch['state'];
export type BatchRequest = Schemas['BatchRequest'];
export type BatchesPage = Schemas['BatchesPage'];
export type Column = Schemas['Column'];
export type Row = Schemas['Row'];
export type Cell = Schemas['Cell'];
export type RowsPage = Schemas['RowsPage'];
export type Template = Schemas['Template'];
export type TemplateSummary = Schemas['TemplateSummary'];
export type TemplatesPage = Schemas['TemplatesPage'];
export type Definition = Schemas['Definition'];
export type Check = Schemas['Check'];
export type Problem = Check['problems'][number];
export type SeedData = Schemas['SeedData'];
export type SeedDataSummary = Schemas['SeedDataSummary'];
export type SeedDataPage = Schemas['SeedDataPage'];
export type SeedDataCheck = Schemas['SeedDataCheck'];
export type Format = SeedData['format'];
export type Export = Schemas['Export'];
export type ExportRequest = Schemas['ExportRequest'];
export type ExportsPage = Schemas['ExportsPage'];
type Uploading = Schemas['Uploading'];

/** The states of rows that a list can be narrowed to. */
export type RowState = 'waiting' | 'running' | 'done' | 'failed';
export const ROWS_PER_PAGE = 20;
/** As many as one answer has at most. */
export const MOST_ROWS_PER_PAGE = 50;

const at = (batchId: string) => `/batches/${encodeURIComponent(batchId)}`;

const page = (cursor: string | null) =>
  new URLSearchParams({ limit: '20', ...(cursor ? { cursor } : {}) });

export const getBatches = (cursor: string | null, signal?: AbortSignal) =>
  get<BatchesPage>(`/batches?${page(cursor)}`, signal);

export const getBatch = (batchId: string, signal?: AbortSignal) =>
  get<Batch>(at(batchId), signal, { cache: 'no-store' });

/** Plans a batch; the same key never makes a second one. */
export const planBatch = (wanted: Partial<BatchRequest>, key: string) =>
  post<Batch>('/batches', wanted, { 'Idempotency-Key': key });

export type Act = 'start' | 'pause' | 'resume' | 'cancel';

export const act = (batchId: string, name: Act) => post<Batch>(`${at(batchId)}/${name}`, {});

/** Lets failed rows be made again, those named or all; what they have stays. */
export const retryRows = (batchId: string, rows?: number[]) =>
  post<Batch>(`${at(batchId)}/retry`, rows ? { rows } : {});

export const setBudget = (batchId: string, usd: number) =>
  post<Batch>(`${at(batchId)}/budget`, { usd });

export async function deleteBatch(batchId: string): Promise<void> {
  await send(at(batchId), { method: 'DELETE' });
}

export const getExports = (batchId: string, signal?: AbortSignal) =>
  get<ExportsPage>(`${at(batchId)}/exports`, signal, { cache: 'no-store' });

/** Has a file made of what a batch has by now. */
export const makeExport = (batchId: string, wanted: ExportRequest) =>
  post<Export>(`${at(batchId)}/exports`, wanted);

/** Rows that come after the one named, in their order. */
export function getRows(
  batchId: string,
  after: number,
  state: RowState | null,
  signal?: AbortSignal,
  limit = ROWS_PER_PAGE,
): Promise<RowsPage> {
  const query = new URLSearchParams({ cursor: String(after), limit: String(limit) });
  if (state) query.set('state', state);
  return get<RowsPage>(`${at(batchId)}/rows?${query}`, signal, { cache: 'no-store' });
}

export const getRow = (batchId: string, row: number, signal?: AbortSignal) =>
  get<Row>(`${at(batchId)}/rows/${row}`, signal, { cache: 'no-store' });

export const getTemplates = (signal?: AbortSignal) =>
  get<TemplatesPage>('/templates?limit=100', signal);

export const getTemplate = (templateId: string, version?: number, signal?: AbortSignal) =>
  get<Definition>(
    `/templates/${encodeURIComponent(templateId)}${version ? `?version=${version}` : ''}`,
    signal,
  );

export const checkTemplate = (definition: string, rows: Record<string, unknown>[]) =>
  post<Check>('/templates/check', { definition, rows });

export const makeTemplate = (definition: string) => post<Template>('/templates', { definition });

/** Makes a new version of a template; refused when somebody else has made one meanwhile. */
export async function changeTemplate(
  templateId: string,
  definition: string,
  version: number,
): Promise<Template> {
  const response = await send(`/templates/${encodeURIComponent(templateId)}`, {
    method: 'PUT',
    body: JSON.stringify({ definition }),
    headers: { 'Content-Type': 'application/json', 'If-Match': String(version) },
  });
  return (await response.json()) as Template;
}

export const getSeedDataList = (signal?: AbortSignal) =>
  get<SeedDataPage>('/seed-data?limit=100', signal);

export const getSeedData = (seedDataId: string, signal?: AbortSignal) =>
  get<SeedData>(`/seed-data/${encodeURIComponent(seedDataId)}`, signal, { cache: 'no-store' });

export const checkSeedData = (seedDataId: string, templateId: string, version: number) =>
  post<SeedDataCheck>(`/seed-data/${encodeURIComponent(seedDataId)}/check`, {
    templateId,
    version,
  });

export const announceSeedData = (name: string, format: Format, bytes: number) =>
  post<Uploading>('/seed-data', { name, format, bytes });

/** Sends a file straight to the bucket; `onProgress` hears how much of it has gone, from 0 to 1. */
export function upload(
  { method, url, headers }: Uploading['upload'],
  file: Blob,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () =>
      request.status < 300
        ? done()
        : failed(new Error(`The file was refused with status ${request.status}.`));
    request.onerror = () => failed(new Error('The file did not arrive. Send it again.'));
    request.onabort = () => failed(new DOMException('Stopped.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
