/** Copies text; false where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies a picture with all its pixels; false where the browser does not allow it. */
export async function copyImage(url: string): Promise<boolean> {
  try {
    // Asked for within the click: a clipboard that is opened later is refused.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': asPng(url) })]);
    return true;
  } catch {
    return false;
  }
}

/** Clipboards take no other format. */
async function asPng(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The picture answered with status ${response.status}.`);
  const blob = await response.blob();
  if (blob.type === 'image/png') return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
