import { findWebOrigins } from './application.repository';
import type { Logger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';

/** How long a change on another node may take to be noticed here. */
const refreshMs = 5_000;

/**
 * The origins whose pages may call with the visitor's cookie: those that are configured and those of enabled applications. Asked at
 * every request of a browser, so it is a set in memory; a change on this node counts at once, one of another node within 5 s.
 */
export class WebOrigins {
  private registered: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly configured: ReadonlySet<string>,
    private readonly platform: { readonly storage: Storage; readonly logger: Logger },
  ) {}

  has(origin: string): boolean {
    return this.configured.has(origin) || this.registered.has(origin);
  }

  async refresh(): Promise<void> {
    this.registered = await findWebOrigins(this.platform.storage.open());
  }

  /** Reads the origins, and goes on doing so until `stop`. */
  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      // The known ones stay in force: an origin that was taken away elsewhere outlives an outage of the database by that outage alone.
      this.refresh().catch((error: unknown) => {
        this.platform.logger.error(
          { event: 'origins.unreadable', error },
          'The origins of applications cannot be read.',
        );
      });
    }, refreshMs);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }
}
