import { cities, colors, departments, plans } from './vocabulary';
import type { Random } from './random';

export interface GeneratedMetadata {
  readonly user: Readonly<Record<string, unknown>>;
  readonly app: Readonly<Record<string, unknown>>;
}

/** About eight leaves: what people choose for themselves in `user`, what the business knows about them in `app`. */
export function generateMetadata(random: Random, number: number): GeneratedMetadata {
  const user: Record<string, unknown> = {
    favorite_color: random.pick(colors),
    city: random.pick(cities),
    preferences: { newsletter: random.chance(0.4), font_size: random.integer(10, 18) },
  };
  const app: Record<string, unknown> = {
    customer: customerNumber(number),
    plan: random.pick(plans),
    // Spread over a hundred thousand values, neighbours far apart.
    credit: (number * 7919) % 100_000,
  };
  if (random.chance(0.3)) app.department = random.pick(departments);
  if (random.chance(0.1))
    app.tags = random.sample(['beta', 'early', 'partner', 'press', 'vip'], random.integer(1, 3));
  return { user, app };
}

/** Unique, so that a search for one finds one user. */
function customerNumber(number: number): string {
  return `C-${String(number).padStart(8, '0')}`;
}
