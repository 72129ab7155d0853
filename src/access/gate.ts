/** The field decisions of one call. Filled lazily; every answer comes from `decide`. */
export interface Gate {
  /** Whether the caller may read this place (`User.email`) of every object it can reach: then it may be loaded ahead of execution. */
  isOpen(coordinate: string): boolean;
}
