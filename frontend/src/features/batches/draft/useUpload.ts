import { useEffect, useRef, useState } from 'react';
import { announceSeedData, upload } from '../../../api/batches';
import { formatOf } from './table';

const MOST_BYTES = 200 * 1024 * 1024;
const LONGEST_NAME = 100;

interface Progress {
  name: string;
  /** From 0 to 1. */
  part: number;
}

/** Sends a file to where the server wants it; `onSent` gets the id of what it becomes. */
export function useUpload(onSent: (seedDataId: string) => void) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState('');
  const sending = useRef<AbortController>(null);
  const stop = () => sending.current?.abort();
  useEffect(() => () => sending.current?.abort(), []);
  const send = async (file: File) => {
    stop();
    const obstacle = obstacleTo(file);
    setError(obstacle);
    const format = formatOf(file.name);
    if (obstacle || !format) return;
    const mine = new AbortController();
    sending.current = mine;
    const tell = (part: number) => setProgress({ name: file.name, part });
    tell(0);
    try {
      const made = await announceSeedData(file.name.slice(0, LONGEST_NAME), format, file.size);
      await upload(made.upload, file, tell, mine.signal);
      onSent(made.seedDataId);
    } catch (problem) {
      if (!mine.signal.aborted) setError((problem as Error).message);
    }
    if (sending.current === mine) setProgress(null);
  };
  return { progress, error, send, stop };
}

function obstacleTo({ name, size }: File): string {
  if (!formatOf(name)) return 'Rows come as CSV (.csv), JSON Lines (.jsonl) or JSON (.json).';
  if (size === 0) return 'The file is empty.';
  return size > MOST_BYTES ? 'The file is larger than 200 MB.' : '';
}
