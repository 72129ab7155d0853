import type { RemoveSome } from '#src/features/roles/role-remnants';

/** Where features that come later take part in what happens to organizations. */
export interface OrganizationHooks {
  /** What hangs on a deleted organization and goes after it, such as sessions bound to it. It is out of force already. */
  readonly remnants: RemoveSome[];
}
