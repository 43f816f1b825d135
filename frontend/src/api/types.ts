import type { components } from './schema';

type Schemas = components['schemas'];

export type Job = Schemas['Job'];
export type Result = Schemas['Result'];
export type Cost = NonNullable<Result['cost']>;
export type Model = Schemas['Model'];
export type ModelsResponse = Schemas['ModelsResponse'];
export type AspectRatio = Job['parameters']['aspectRatio'];
export type GenerateRequest = Schemas['GenerateRequest'];
export type EnhanceResponse = Schemas['EnhanceResponse'];
export type GalleryPage = Schemas['GalleryPage'];
export type GalleryEntry = Schemas['GalleryEntry'];
export type GalleryDetail = Schemas['GalleryDetail'];
export type ErrorResponse = Schemas['ErrorResponse'];
export type Auth = Schemas['Auth'];
export type Me = Schemas['Me'];
export type JobSummary = Schemas['JobSummary'];
export type JobsPage = Schemas['JobsPage'];
export type Key = Schemas['Key'];
export type KeysPage = Schemas['KeysPage'];
export type NewKey = Schemas['NewKey'];
export type KeyRequest = Schemas['KeyRequest'];
export type Share = Schemas['Share'];
export type User = Schemas['User'];
export type UsersPage = Schemas['UsersPage'];
export type UserPatch = Schemas['UserPatch'];
export type Switch = Schemas['Switch'];
