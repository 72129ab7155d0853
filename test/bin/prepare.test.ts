import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { Checkout } from '#test/bin/checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.remove());

const install = 'npm ci --include=dev --no-audit --no-fund --loglevel=error';

describe('preparing a checkout', () => {
  it('installs and builds a fresh one, then finds nothing to do', () => {
    const first = checkout.run('gatehouse.js', ['doctor', '--x']);
    expect(first).toMatchObject({ status: 0, stdout: 'arguments: doctor --x\n' });
    expect(first.stderr).toBe('Installing packages (npm ci) …\nBuilding …\n');
    expect(checkout.calls()).toEqual([install, 'tsc', 'graphiql']);
    expect(checkout.run('start.js', ['--port', '0'])).toMatchObject({
      status: 0,
      stdout: 'arguments: serve --port 0\n',
      stderr: '',
    });
    expect(checkout.calls()).toEqual([]);
  });

  it('installs anew when the lock file is newer and differs', () => {
    checkout.run('prepare.js');
    checkout.calls();
    checkout.touch('package-lock.json');
    checkout.run('prepare.js');
    expect(checkout.calls()).toEqual([]);
    checkout.write('package-lock.json', '{ "version": 2 }');
    checkout.touch('package-lock.json');
    checkout.run('prepare.js');
    expect(checkout.calls()).toEqual([install, 'tsc', 'graphiql']);
  });

  it('accepts what npm installed without us', () => {
    checkout.run('prepare.js', ['--no-build']);
    checkout.calls();
    checkout.write('node_modules/.gatehouse-install', 'of another lock file');
    checkout.touch('node_modules/.package-lock.json');
    checkout.run('prepare.js', ['--no-build']);
    expect(checkout.calls()).toEqual([]);
  });

  it('builds anew when a source changed, came or went, and drops what the old one left', () => {
    checkout.run('prepare.js');
    checkout.calls();
    mkdirSync(checkout.path('dist/old'), { recursive: true });
    mkdirSync(checkout.path('dist/http/graphiql/assets'), { recursive: true });
    checkout.write('dist/old/left.js', '');
    checkout.write('dist/http/graphiql/assets/page.js', '');
    checkout.touch('src/main.ts');
    checkout.run('prepare.js');
    expect(checkout.calls()).toEqual([]);
    checkout.write('src/more.ts', '2');
    checkout.run('prepare.js');
    expect(checkout.calls()).toEqual(['tsc', 'graphiql']);
    expect(existsSync(checkout.path('dist/old/left.js'))).toBe(false);
    expect(existsSync(checkout.path('dist/http/graphiql/assets/page.js'))).toBe(true);
  });

  it.each([
    ['npm', 'npm ci failed'],
    ['tsc', 'The build failed'],
  ])('ends with 1 when %s fails, and tries again next time', (program, message) => {
    const failed = checkout.run('gatehouse.js', [], { FAKE_FAILURE: program });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain(message);
    expect(failed.stdout).toBe('');
    checkout.calls();
    expect(checkout.run('gatehouse.js').status).toBe(0);
    expect(checkout.calls()).toContain('tsc');
  });

  it('lets a second process wait for the first instead of installing twice', async () => {
    const start = () =>
      new Promise((resolve) => {
        const env = checkout.environment({ FAKE_PAUSE: '400' });
        spawn(process.execPath, [checkout.path('bin/prepare.js')], { env, stdio: 'ignore' }).on(
          'close',
          resolve,
        );
      });
    expect(await Promise.all([start(), start()])).toEqual([0, 0]);
    expect(checkout.calls()).toEqual([install, 'tsc', 'graphiql']);
  });

  it('prints help when it is called without a command', () => {
    expect(checkout.run('gatehouse.js').stdout).toBe('arguments: --help\n');
  });
});
