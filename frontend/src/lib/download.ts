/** Lets the browser save a blob under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves a file of this origin under a name of ours. */
export async function saveUrl(url: string, name: string): Promise<void> {
  saveBlob(await fetched(url), name);
}

/** Whether this device has a sheet to share pictures with, as phones have. */
export const canShareFiles = (): boolean =>
  navigator.canShare?.({ files: [new File([''], 'a.png', { type: 'image/png' })] }) ?? false;

/** Opens the device's share sheet with the file; nothing happens when it is closed unused. */
export async function shareUrl(url: string, name: string): Promise<void> {
  const blob = await fetched(url);
  const file = new File([blob], name, { type: blob.type });
  await navigator.share({ files: [file] }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

async function fetched(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The picture answered with status ${response.status}.`);
  return response.blob();
}
