import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { checkTemplate, type SeedData } from '../../../api/batches';
import { useSettled } from '../../../ui/useSettled';

const QUIET_MS = 350;
/** As many rows as the server tries at once. */
const TRIED = 20;
/** Rows that are larger together are too much to be sent with every stroke. */
const MOST_CHARACTERS = 500_000;

/** What is wrong with a definition and what the first rows would be asked, a moment after each stroke. */
export function useCheck(definition: string, data: SeedData | undefined) {
  const settled = useSettled(definition, QUIET_MS);
  const rows = data?.state === 'ready' ? sized(data.preview.slice(0, TRIED)) : [];
  const query = useQuery({
    queryKey: ['template-check', settled, data?.seedDataId, rows.length],
    enabled: settled.trim() !== '',
    queryFn: () => checkTemplate(settled, rows),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return { ...query, rows, isCurrent: settled === definition && !query.isPlaceholderData };
}

function sized(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  let left = MOST_CHARACTERS;
  return rows.filter((row) => {
    left -= JSON.stringify(row).length;
    return left >= 0;
  });
}
