import { ask, get, post, refusal, send } from '../client';
import { namedJob } from '../named';
import type {
  Job,
  JobsPage,
  KeyRequest,
  KeysPage,
  Me,
  NewKey,
  Share,
  SpendPage,
  Switch,
  User,
  UserPatch,
  UsersPage,
} from '../types';

async function remove(path: string): Promise<void> {
  await send(path, { method: 'DELETE' });
}

async function patch<T>(path: string, body: unknown): Promise<T> {
  const response = await send(path, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
  return (await response.json()) as T;
}

const from = (cursor: string | null) => (cursor ? { cursor } : {});

export const getMe = (signal?: AbortSignal) => get<Me>('/me', signal);

export const getJobs = (cursor: string | null, signal?: AbortSignal) =>
  get<JobsPage>(`/jobs?${new URLSearchParams({ limit: '20', ...from(cursor) })}`, signal);

/** Takes a run away for good, with its pictures. */
export const deleteJob = (jobId: string) => remove(`/jobs/${encodeURIComponent(jobId)}`);

/** Makes a link by which anybody may look at a run; an earlier one ends. */
export const shareJob = (jobId: string, expiresAt: string | null) =>
  post<Share>(`/jobs/${encodeURIComponent(jobId)}/share`, expiresAt ? { expiresAt } : {});

export const unshareJob = (jobId: string) => remove(`/jobs/${encodeURIComponent(jobId)}/share`);

/** The run behind a link: asked for as nobody, whoever looks at it. */
export async function getShared(token: string, signal?: AbortSignal): Promise<Job> {
  const init = signal ? { signal } : {};
  const response = await ask(`/shared/${encodeURIComponent(token)}`, init, null);
  if (!response.ok) throw await refusal(response);
  return namedJob(await response.json());
}

export const getKeys = (signal?: AbortSignal) => get<KeysPage>('/keys', signal);

export const makeKey = (wanted: KeyRequest) => post<NewKey>('/keys', wanted);

export const revokeKey = (keyId: string) => remove(`/keys/${encodeURIComponent(keyId)}`);

export const getUsers = (cursor: string | null, signal?: AbortSignal) =>
  get<UsersPage>(`/admin/users?${new URLSearchParams(from(cursor))}`, signal);

export const invite = (email: string) => post<User>('/admin/users', { email });

export const changeUser = (userId: string, change: Partial<UserPatch>) =>
  patch<User>(`/admin/users/${encodeURIComponent(userId)}`, change);

export const switchModel = (index: number, enabled: boolean, reason: string) =>
  patch<Switch>(`/admin/models/${index}`, { enabled, reason });

/** What was spent in the last thirty days. */
export const getSpend = (signal?: AbortSignal) => get<SpendPage>('/admin/spend', signal);
