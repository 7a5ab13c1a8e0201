/** The record with each value mapped, keys in order, so that the order in which a user wrote them decides nothing. */
export function mapEntries<T, U>(
  record: Record<string, T>,
  map: (key: string, value: T) => U,
): Record<string, U> {
  return Object.fromEntries(sortedEntries(record).map(([key, value]) => [key, map(key, value)]));
}

/** The entries of a record, ordered by key. */
export function sortedEntries<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
