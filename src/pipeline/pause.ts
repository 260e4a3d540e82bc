/** Milliseconds between two tries: the first pause and the longest. */
export type Pauses = { readonly first: number; readonly longest: number };

/** How long to wait after so many earlier pauses: doubled each time up to the longest, and spread at random so that many do not come back at once. */
export function nextPause({ first, longest }: Pauses, before: number): number {
  return doubled({ first, longest }, before) * (0.5 + Math.random() / 2);
}

/** The same, not spread. */
export function doubled({ first, longest }: Pauses, before: number): number {
  return Math.min(longest, first * 2 ** Math.min(before, 20));
}
