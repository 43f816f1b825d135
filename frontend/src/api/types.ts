import type { components } from './schema';

type Schemas = components['schemas'];

/** Previews come in a later message than their picture; what cannot be decoded never has any. */
interface Previews {
  previewUrl?: string | null;
  previewError?: string | null;
}

export type Result = Schemas['Result'] & Previews;
export type Job = Omit<Schemas['Job'], 'results'> & { results: Result[] };
export type Cost = NonNullable<Result['cost']>;
export type Model = Schemas['Model'];
export type ModelsResponse = Schemas['ModelsResponse'];
export type AspectRatio = Job['parameters']['aspectRatio'];
export type GenerateRequest = Schemas['GenerateRequest'];
export type EnhanceResponse = Schemas['EnhanceResponse'];
export type GalleryEntry = Omit<Schemas['GalleryEntry'], 'preview'> & {
  preview: Schemas['GalleryEntry']['preview'] & { previewUrl?: string | null };
};
export type GalleryPage = Omit<Schemas['GalleryPage'], 'galleries'> & { galleries: GalleryEntry[] };
export type GalleryDetail = Omit<Schemas['GalleryDetail'], 'images'> & { images: Result[] };
export type ErrorResponse = Schemas['ErrorResponse'];
