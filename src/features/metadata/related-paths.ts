/** Whether one of two dotted paths is the other or stands above it; the empty path stands above all. */
export function isRelated(left: string, right: string): boolean {
  return isAtOrBelow(left, right) || isAtOrBelow(right, left);
}

/** Whether the path is the other or stands below it. */
export function isAtOrBelow(path: string, above: string): boolean {
  return above === '' || path === above || path.startsWith(`${above}.`);
}
