import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Checkout, type Outcome } from '#test/bin/checkout';

/** Runs the launcher of the suite over a jest that leaves this report and ends with this status. */
function suite(report: object | null, status = 0): Outcome {
  const checkout = new Checkout();
  try {
    checkout.run('prepare.js', ['--no-build']);
    mkdirSync(checkout.path('node_modules/jest/bin'), { recursive: true });
    checkout.write(
      'node_modules/jest/bin/jest.js',
      `const file = process.argv.find((argument) => argument.startsWith('--outputFile=')).slice(13);
       if (${report !== null}) require('node:fs').writeFileSync(file, ${JSON.stringify(JSON.stringify(report))});
       console.log(process.argv.slice(-1)[0]);
       process.exit(${status});`,
    );
    const {
      status: ended,
      stdout,
      stderr,
    } = spawnSync(process.execPath, [checkout.path('bin/test.js'), 'some/path'], {
      env: checkout.environment(),
      encoding: 'utf8',
    });
    return { status: ended, stdout, stderr };
  } finally {
    checkout.remove();
  }
}

const report = {
  numPassedTests: 12,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

describe('npm test', () => {
  it('hands its arguments on and prints the counts as its last line', () => {
    expect(suite(report)).toMatchObject({ status: 0, stdout: 'some/path\n12 passed, 0 failed\n' });
  });

  it('counts files that could not run as failures', () => {
    const { status, stdout } = suite({ ...report, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }, 1);
    expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, '12 passed, 3 failed']);
  });

  it('does not pass with skipped tests', () => {
    const { status, stdout } = suite({ ...report, numPendingTests: 3 });
    expect(status).toBe(1);
    expect(stdout).toContain('3 skipped');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('12 passed, 0 failed');
  });

  it('fails when the run left no report', () => {
    const { status, stdout } = suite(null);
    expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, '0 passed, 1 failed']);
  });
});
