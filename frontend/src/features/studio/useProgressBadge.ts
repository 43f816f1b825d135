import { useEffect } from 'react';
import type { Job } from '../../api/types';
import { useTitle } from '../../ui/useTitle';

const CELLS = 9;
const SIZE = 32;
const PITCH = 11;

/** Shows the run's progress in the tab: a count in the title, pixels that fill in the icon. */
export function useProgressBadge(job: Job): void {
  const ended = job.results.filter(
    ({ status }) => !['pending', 'in_progress'].includes(status),
  ).length;
  const share = job.totalModels > 0 ? ended / job.totalModels : 0;
  const count = share < 1 ? `(${ended}/${job.totalModels}) ` : '';
  useTitle(`${count}${job.prompt.slice(0, 60)}`);
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    if (!icon || share === 1) return;
    const original = icon.getAttribute('href') ?? '';
    icon.href = drawIcon(Math.round(share * CELLS));
    return () => {
      icon.href = original.startsWith('data:') ? '/icon.svg' : original;
    };
  }, [share]);
}

function drawIcon(filled: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext('2d');
  for (let cell = 0; pen && cell < CELLS; cell++) {
    pen.fillStyle = cell < filled ? '#f58742' : '#8a8580';
    pen.globalAlpha = cell < filled ? 1 : 0.5;
    pen.fillRect((cell % 3) * PITCH, Math.floor(cell / 3) * PITCH, PITCH - 2, PITCH - 2);
  }
  return canvas.toDataURL();
}
