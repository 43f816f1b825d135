import { Notice } from '../ui/Notice';
import { useConnection } from './useConnection';

/** Says where people look that the server cannot be reached, and what that means for what they see. */
export function Unreachable({ children }: { children: string }) {
  if (useConnection() !== 'offline') return null;
  return (
    <Notice title="The server cannot be reached" tone="bad">
      <p>{children}</p>
    </Notice>
  );
}
