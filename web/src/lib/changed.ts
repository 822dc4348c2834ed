/** The fields of a form that were changed: the others are not sent, and stay as others have left them meanwhile. */
export function changedOf<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(after) as (keyof T)[];
  const differs = (key: keyof T) => JSON.stringify(after[key]) !== JSON.stringify(before[key]);
  return Object.fromEntries(keys.filter(differs).map((key) => [key, after[key]])) as Partial<T>;
}
