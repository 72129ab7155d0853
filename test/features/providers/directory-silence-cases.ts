import type { Directory } from '#test/support/directory';
import { startRelay } from '#test/support/relay';

interface Scene {
  readonly directory: Directory;
  /** Of `ada` in the directory. */
  readonly password: string;
  addConnection(name: string, ldap: Record<string, unknown>): Promise<void>;
  enter(identifier: string, password: string, connection?: string): Promise<{ readonly code: string | null }>;
}

/** A user `here@corp.example` with a password here is there too. */
export function directorySilenceCases(scene: () => Scene): void {
  it('LDP-05 waits at most 3 s for a directory that says nothing, while others sign in', async () => {
    const { directory, password, addConnection, enter } = scene();
    const relay = await startRelay(Number(new URL(directory.ldaps).port));
    relay.isMute = true;
    const [at, caCertificate] = [`127.0.0.1:${relay.port}`, directory.certificate];
    await addConnection('silent', { url: `ldaps://${at}`, caCertificate });
    await addConnection('silent-upgrade', { url: `ldap://${at}`, startTls: true, caCertificate });
    const started = performance.now();
    const waits = Promise.all(
      ['silent', 'silent-upgrade'].map((connection) => enter('ada', password, connection)),
    );
    expect((await enter('here@corp.example', 'plum orchid fairy tale', 'main')).code).toBeNull();
    expect((await enter('ada', password)).code).toBeNull();
    expect(await Promise.race([waits, Promise.resolve('STILL_WAITING')])).toBe('STILL_WAITING');
    expect((await waits).map(({ code }) => code)).toEqual(['PROVIDER_UNAVAILABLE', 'PROVIDER_UNAVAILABLE']);
    // What a busy machine adds is not the directory's.
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(relay.open()).toBe(0);
    await relay.close();
  });
}
