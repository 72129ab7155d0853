/** What a sealed row or part of an import is bound to, so that it opens nowhere else. */
export function placeOfRow(jobId: string, index: number): string {
  return `${jobId}/row/${index}`;
}

export function placeOfPart(jobId: string, number: number): string {
  return `${jobId}/part/${number}`;
}
