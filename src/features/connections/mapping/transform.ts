import { asTruth, isEmpty } from './claim-value';

/** What can be done to the value of a claim before it becomes an attribute. */
export const transforms = ['LOWER', 'TRIM', 'SPLIT', 'BOOLEAN'] as const;
export type Transform = (typeof transforms)[number];

export interface Shape {
  readonly transform?: Transform;
  /** True: always a list. False: of a list its first element. Absent: as it was sent. */
  readonly multi?: boolean;
}

/**
 * The value in the wanted shape; null where nothing is left of it, so that the next claim is taken. Elements of a list are transformed
 * one by one. What is no text stays as it is for `LOWER`, `TRIM` and `SPLIT`; what says neither true nor false is nothing for `BOOLEAN`.
 */
export function shaped(value: unknown, { transform, multi }: Shape): unknown {
  const made = transform === undefined ? value : applied(value, transform);
  if (isEmpty(made)) return null;
  if (multi === undefined) return made;
  const list: readonly unknown[] = Array.isArray(made) ? made : [made];
  return multi ? list : list.find((each) => !isEmpty(each));
}

function applied(value: unknown, transform: Transform): unknown {
  if (!Array.isArray(value)) return one(value, transform);
  return value.flatMap((each: unknown) => one(each, transform)).filter((each) => !isEmpty(each));
}

function one(value: unknown, transform: Transform): unknown {
  if (transform === 'BOOLEAN') return asTruth(value);
  if (typeof value !== 'string') return value;
  if (transform === 'LOWER') return value.toLowerCase();
  if (transform === 'TRIM') return value.trim();
  return value
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
