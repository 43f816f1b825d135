import type { DragEvent } from 'react';
import { fileName, type RunName } from './names';
import type { Picture } from './select';

/** What a picture gives when it is dragged out: the provider's own file, under its name. */
export function takeOut({ dataTransfer }: DragEvent, run: RunName, picture: Picture): void {
  const url = new URL(picture.imageUrl, location.href).href;
  const type = picture.contentType ?? 'application/octet-stream';
  dataTransfer.effectAllowed = 'copy';
  dataTransfer.setData('DownloadURL', `${type}:${fileName(run, picture)}:${url}`);
  dataTransfer.setData('text/uri-list', url);
  dataTransfer.setData('text/plain', url);
}
