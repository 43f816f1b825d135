/** Who a token says one is; the server alone decides whether it is true. */
export interface Person {
  userId: string;
  email: string;
  isAdmin: boolean;
  /** Epoch milliseconds. */
  endsAt: number;
}

/** What an id token says; throws for what is no token. */
export function personOf(token: string): Person {
  const part = token.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  );
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  const groups: unknown[] = claims['cognito:groups'] ?? [];
  return {
    userId: String(claims.sub),
    email: String(claims.email ?? ''),
    isAdmin: groups.includes('admin'),
    endsAt: Number(claims.exp) * 1000,
  };
}
