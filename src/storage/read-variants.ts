import { membersOf } from '#src/storage/compile-read';
import type { Selection } from '#src/storage/store';

/** Operations choose columns, and every choice stays prepared, so a caller must not be able to make ever more of them. */
const mostVariants = 20;

export function partOf<Row>(selection: Selection<Row>, only: readonly string[]): Selection<Row> {
  const members = membersOf(selection).filter(([property]) => only.includes(property));
  return Object.fromEntries(members) as unknown as Selection<Row>;
}

/** What was made of these columns before; else what `make` makes, or `otherwise` when enough is kept. */
export function variantOf<Variant>(
  all: WeakMap<object, Map<string, Variant>>,
  of: object,
  only: readonly string[],
  make: () => Variant,
  otherwise: () => Variant,
): Variant {
  let variants = all.get(of);
  if (variants === undefined) all.set(of, (variants = new Map<string, Variant>()));
  const key = only.join();
  let variant = variants.get(key);
  if (variant === undefined) {
    if (variants.size >= mostVariants) return otherwise();
    variant = make();
    variants.set(key, variant);
  }
  return variant;
}
