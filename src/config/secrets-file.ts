import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

export const signingStates = ['NEXT', 'CURRENT', 'PREVIOUS', 'REVOKED'] as const;

const signingKey = z.strictObject({
  kid: z.string().min(1).max(100),
  alg: z.enum(['RS256', 'ES256', 'EdDSA']),
  privateJwk: z.looseObject({ kty: z.string() }),
  state: z.enum(signingStates),
  createdAt: z.int().nonnegative(),
});

const encryptionKey = z.strictObject({
  kid: z.string().min(1).max(100),
  key: z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64'),
  notBefore: z.int().nonnegative(),
});

const pepper = z.strictObject({
  kid: z.string().regex(/^[\w-]{1,32}$/, 'must be 1 to 32 letters, digits, _ or -'),
  key: z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64'),
});

const secretsFile = z
  .strictObject({
    version: z.literal(1),
    /** What the keys were made for; production refuses the others. */
    profile: z.enum(['development', 'production']),
    signing: z.array(signingKey).min(1).max(20),
    encryption: z.array(encryptionKey).min(1).max(20),
    /** Keys of password hashes: the first makes new ones, each checks those that it made. */
    pepper: z.array(pepper).max(20).optional(),
  })
  .superRefine((file, context) => {
    if (file.signing.filter((key) => key.state === 'CURRENT').length !== 1) {
      context.addIssue({ code: 'custom', path: ['signing'], message: 'exactly one key must be CURRENT' });
    }
    for (const list of ['signing', 'encryption', 'pepper'] as const) {
      const kids = (file[list] ?? []).map((key) => key.kid);
      if (new Set(kids).size !== kids.length) {
        context.addIssue({ code: 'custom', path: [list], message: 'every kid must be unique' });
      }
    }
  });

/** Content of the secrets file; instants are milliseconds since 1970. */
export type SecretsFile = z.output<typeof secretsFile>;

export type SecretsFileResult =
  | { readonly ok: true; readonly content: SecretsFile }
  | { readonly ok: false; readonly missing: boolean; readonly problems: readonly string[] };

/** Reads and checks the file. Problems name places in it, never its values. */
export function readSecretsFile(path: string): SecretsFileResult {
  let text: string;
  try {
    const mode = statSync(path).mode & 0o777;
    // SECURITY: signing keys that other accounts of the machine can read let them make tokens for anybody.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return failed(
        `${path} can be read by other accounts (mode ${mode.toString(8)}); run: chmod 600 ${path}`,
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT') return failed(`${path} cannot be read (${code ?? 'unknown reason'})`);
    return {
      ok: false,
      missing: true,
      problems: [`${path} does not exist; make it with: gatehouse init --secrets ${path}`],
    };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return failed(`${path} is not valid JSON`);
  }
  const result = secretsFile.safeParse(content);
  if (result.success) return { ok: true, content: result.data };
  return {
    ok: false,
    missing: false,
    problems: result.error.issues.map(
      (issue) => `${path}: ${issue.path.join('.') || 'file'}: ${issue.message}`,
    ),
  };
}

/** Writes the file for its owner alone. Answers false, and changes nothing, when one exists already. */
export function writeSecretsFile(path: string, content: SecretsFile): boolean {
  mkdirSync(dirname(path), { recursive: true });
  // Written aside and then linked: the name appears with its whole content, and only if it was free.
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function failed(problem: string): SecretsFileResult {
  return { ok: false, missing: false, problems: [problem] };
}
