import type { components } from './schema';

type Schemas = components['schemas'];

/** Answers as they come; `named` gives each result a number and a name of its own. */
export type Wire = Schemas;

type Named = 'index' | 'model' | 'provider' | 'modelId' | 'simulated';
export type Result = Omit<Schemas['Result'], Named> & {
  [name in Named]: NonNullable<Schemas['Result'][name]>;
};
export type Job = Omit<Schemas['Job'], 'results'> & { results: Result[] };
export type Cost = NonNullable<Result['cost']>;
export type Model = Schemas['Model'];
export type ModelsResponse = Schemas['ModelsResponse'];
export type Spend = NonNullable<ModelsResponse['limits']['spend']>;
export type AspectRatio = Job['parameters']['aspectRatio'];
export type Quality = NonNullable<GenerateRequest['quality']>;
export type Resolution = NonNullable<GenerateRequest['resolution']>;
export type GenerateRequest = Schemas['GenerateRequest'];
export type VerdictRequest = Schemas['VerdictRequest'];
export type Leaderboard = Schemas['Leaderboard'];
export type EnhanceResponse = Schemas['EnhanceResponse'];
export type GalleryPage = Schemas['GalleryPage'];
export type GalleryEntry = Schemas['GalleryEntry'];
export type GalleryDetail = Omit<Schemas['GalleryDetail'], 'images'> & { images: Result[] };
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
export type SpendPage = Schemas['SpendPage'];
export type Switch = Schemas['Switch'];
