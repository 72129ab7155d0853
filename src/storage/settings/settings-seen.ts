import { maySetSettings } from './settings-tables';

/** A request takes less; what runs for longer asks again. */
const goodMs = 1_000;

/** What one handle knows of the version of settings. */
export class SettingsSeen {
  private version: string | null;
  private at: number;
  /** The transaction has changed settings itself: what it reads is for nobody else. */
  areOwn = false;

  /** A transaction begins with what was known outside of it. */
  constructor(outside?: SettingsSeen) {
    this.version = outside?.version ?? null;
    this.at = outside?.at ?? 0;
  }

  /** Null: it has to be read. */
  current(): string | null {
    return performance.now() - this.at > goodMs ? null : this.version;
  }

  /** Null: whoever asks next reads it. */
  note(version: string | null): void {
    this.version = version;
    this.at = performance.now();
  }

  written(text: string): void {
    this.areOwn ||= maySetSettings(text);
  }
}
