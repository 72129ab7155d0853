const first = 100;
const least = 10;
const most = 1_000;

/** How many rows a chunk takes: doubled while transactions are quick, halved when one took too long. */
export class ChunkSize {
  current = first;

  constructor(private readonly targetMs: number) {}

  adapt(tookMs: number): void {
    if (tookMs > this.targetMs) this.current = Math.max(least, Math.floor(this.current / 2));
    else if (tookMs < this.targetMs / 2) this.current = Math.min(most, this.current * 2);
  }
}
