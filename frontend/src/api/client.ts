import { observeServerDate } from '../lib/clock';
import { anotherBearer, bearer } from './access';
import { namedDetail, namedJob } from './named';
import { serverReachable } from './reachability';
import type {
  EnhanceResponse,
  ErrorResponse,
  GalleryPage,
  GenerateRequest,
  Job,
  Leaderboard,
  ModelsResponse,
  Wire,
} from './types';

/** An answer the server refused to give, with its own sentence; `status` 0 means nobody answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfter?: number,
    readonly details: { field: string; problem: string }[] = [],
    /** Which limit was met: `ip`, `global` or `spend`. */
    readonly scope?: string | null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** True when asking again, unchanged, may well succeed. */
  get transient(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

/** Sends a request and, where it is refused for want of a session, sends it again once there is one. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  const token = await bearer(init.signal);
  let response = await ask(path, init, token);
  if (response.status === 401)
    response = await ask(path, init, await anotherBearer(token, init.signal));
  if (!response.ok && response.status !== 304) throw await refusal(response);
  return response;
}

/** Asks the server once, as whoever the token is of; the answer may be a refusal. */
export async function ask(
  path: string,
  init: RequestInit,
  token: string | null,
): Promise<Response> {
  const headers = token ? { ...init.headers, Authorization: `Bearer ${token}` } : init.headers;
  const response = await fetch(`/api${path}`, headers ? { ...init, headers } : init).catch(
    (cause: unknown) => {
      if (init.signal?.aborted) throw cause;
      serverReachable.set(false);
      throw new ApiError(0, 'UNREACHABLE', 'The server does not answer.');
    },
  );
  serverReachable.set(![502, 503, 504].includes(response.status) || isJson(response));
  observeServerDate(response.headers.get('Date'));
  return response;
}

const isJson = (response: Response) =>
  response.headers.get('Content-Type')?.startsWith('application/json') ?? false;

export async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Partial<ErrorResponse>;
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(
    response.status,
    body.code ?? 'UPSTREAM_FAILED',
    body.error ?? `The server answered with status ${response.status}.`,
    Number.isFinite(seconds) ? seconds : undefined,
    body.details ?? [],
    body.scope,
  );
}

export async function get<T>(path: string, signal?: AbortSignal, init?: RequestInit): Promise<T> {
  const response = await send(path, { ...init, signal: signal ?? null });
  return (await response.json()) as T;
}

export async function post<T>(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await send(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  return (await response.json()) as T;
}

const snapshots = new Map<string, { etag: string; job: Job }>();

/** The job as the server has it now; an unchanged one costs no body. */
export async function getJob(jobId: string, signal?: AbortSignal): Promise<Job> {
  const known = snapshots.get(jobId);
  const headers: Record<string, string> = known ? { 'If-None-Match': known.etag } : {};
  const response = await send(`/status/${encodeURIComponent(jobId)}`, {
    headers,
    cache: 'no-store',
    ...(signal ? { signal } : {}),
  });
  if (response.status === 304 && known) return known.job;
  const job = namedJob(await response.json());
  const etag = response.headers.get('ETag');
  if (etag) snapshots.set(jobId, { etag, job });
  return job;
}

/** Asked for only when it may have changed, so a copy the browser kept would be no answer. */
export const getModels = (signal?: AbortSignal, choice = '') =>
  get<ModelsResponse>(`/models${choice}`, signal, { cache: 'no-cache' });

export const postJob = async (...request: Parameters<typeof post>) =>
  namedJob(await post<Wire['Job']>(...request));

/** Starts a job; the same key never starts a second one. */
export const generate = (request: GenerateRequest, idempotencyKey: string) =>
  postJob('/generate', request, { 'Idempotency-Key': idempotencyKey });

/** How the models do in one's own verdicts; `wanted` narrows them. */
export const getLeaderboard = (wanted: Record<string, string>, signal?: AbortSignal) =>
  get<Leaderboard>(`/leaderboard?${new URLSearchParams(wanted)}`, signal);

export const enhance = (prompt: string) => post<EnhanceResponse>('/enhance', { prompt });

/** A page of the runs that are looked for; `wanted` are the parameters of the search. */
export function getGalleryPage(
  wanted: Record<string, string>,
  cursor: string | null,
  limit: number,
  signal?: AbortSignal,
) {
  const page = { limit: String(limit), ...(cursor ? { cursor } : {}) };
  return get<GalleryPage>(`/gallery?${new URLSearchParams({ ...wanted, ...page })}`, signal);
}

export const getGalleryDetail = (target: string, signal?: AbortSignal) =>
  get<Wire['GalleryDetail']>(`/gallery/${encodeURIComponent(target)}`, signal).then(namedDetail);
