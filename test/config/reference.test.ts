import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '#src/config/config';
import { configReference } from '#src/config/reference';

describe('the configuration reference', () => {
  it('stands in docs/configuration.md as it is generated', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
    expect(page.trimEnd()).toBe(configReference().trimEnd());
  });

  it('explains every key in one sentence, and every name once', () => {
    for (const setting of settings) expect(setting.description).toMatch(/^[A-Z].*\.$/);
    for (const name of ['path', 'environment', 'flag'] as const) {
      expect(new Set(settings.map((setting) => setting[name])).size).toBe(settings.length);
    }
  });
});
