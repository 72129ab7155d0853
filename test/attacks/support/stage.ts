import { loadProfiles } from '#src/cli/seed/load-profiles';
import { startTestApp, type TestApp } from '#test/support/app';
import type { TestDatabase } from '#test/support/databases';
import { profiles, target } from '#test/attacks/support/cast';
import { RequestLines } from '#test/attacks/support/request-lines';
import type { Secret } from '#test/attacks/support/secrets';

/** An answer as it came, with what it cost. */
export interface Served {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came, but for cursors: those differ each time and only their length is kept. */
  readonly text: string;
  readonly statements: number;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: unknown[];
    readonly extensions: { readonly code: string };
  }[];
}

export interface Asked {
  readonly as?: string | undefined;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly headers?: Record<string, string>;
}

export interface RuleDraft {
  readonly name?: string;
  readonly effect?: 'DENY' | 'MASK' | 'ALLOW';
  readonly actions?: readonly string[];
  readonly paths: readonly string[];
  readonly subject?: object;
  readonly object?: object;
  readonly mask?: string;
}

const saveRule = `mutation ($input: SaveAttributeRuleInput!) {
  saveAttributeRule(input: $input) { attributeRule { id } } }`;
const deleteRule = `mutation ($id: ID!) { deleteAttributeRule(input: { id: $id }) { deletedId } }`;
const addNames = `mutation ($input: AddBlacklistedAttributesInput!) {
  addBlacklistedAttributes(input: $input) { names rejected { name code } } }`;
const removeNames = `mutation ($input: RemoveBlacklistedAttributesInput!) {
  removeBlacklistedAttributes(input: $input) { names } }`;

const addMember = `mutation ($o: ID!, $u: ID!, $r: ID!) {
  addOrganizationMembers(input: { id: $o, userIds: [$u] }) { organization { id } }
  addMemberRoles(input: { organizationId: $o, userId: $u, roleIds: [$r] }) { membership { joinedAt } } }`;

/** Everything that the callers of these tests may do; what a stored rule takes from the role Support is the subject. */
export const broad = [
  ...['read:users', 'read:users_app_metadata', 'update:users', 'update:users_app_metadata', 'create:users'],
  ...['read:roles', 'read:organizations', 'read:organization_members', 'read:organization_member_roles'],
  ...['read:sessions', 'read:connections', 'read:resource_servers'],
];

/** The product with a few users, over a real socket, whose rules a test can change and whose statements it can count. */
export class Stage {
  private readonly undo: (() => Promise<void>)[] = [];

  private constructor(
    readonly product: TestApp,
    readonly lines: RequestLines,
    /** Token of a machine that holds all permissions. */
    readonly administrator: string,
    /** Token of a machine that holds `broad` and the role Support, of which the stored rules speak. */
    readonly support: string,
    /** The same without the role. */
    readonly sales: string,
  ) {}

  static async open(
    database: Pick<TestDatabase, 'url'>,
    environment: Record<string, string> = {},
  ): Promise<Stage> {
    const lines = new RequestLines();
    const product = await startTestApp(database, { environment, overrides: { logger: lines.logger } });
    const { storage, platform } = product.app;
    await loadProfiles(storage, profiles, { clock: platform.clock, ids: platform.ids });
    return new Stage(
      product,
      lines,
      await product.administrator(),
      await product.machine(broad, ['Support']),
      await product.machine(broad, ['Sales']),
    );
  }

  /** Sends an operation by POST. */
  ask(query: string, { as, variables = {}, operationName, headers = {} }: Asked = {}): Promise<Served> {
    return this.send({
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization(as), ...headers },
      body: JSON.stringify({ query, variables, ...(operationName === undefined ? {} : { operationName }) }),
    });
  }

  /** Sends a query by GET. */
  get(query: string, { as, variables, operationName, headers = {} }: Asked = {}): Promise<Served> {
    const parameters = new URLSearchParams({ query });
    if (variables) parameters.set('variables', JSON.stringify(variables));
    if (operationName !== undefined) parameters.set('operationName', operationName);
    return this.send(
      {
        headers: {
          accept: 'application/json',
          'apollo-require-preflight': 'true',
          ...authorization(as),
          ...headers,
        },
      },
      `?${parameters.toString()}`,
    );
  }

  async send(request: RequestInit, search = ''): Promise<Served> {
    const response = await fetch(`${this.product.url}/graphql${search}`, request);
    const raw = await response.text();
    const requestId = response.headers.get('x-request-id') ?? '';
    const body = JSON.parse(raw) as Pick<Served, 'data'> & {
      errors?: Served['errors'];
      extensions?: unknown;
    };
    // The order of the three members depends on whether the document was seen before; everything below is compared as it came.
    const { errors, data, extensions, ...rest } = body;
    const ordered = JSON.stringify({ errors, data, extensions, ...rest });
    return {
      status: response.status,
      headers: response.headers,
      text: ordered.replace(
        /"(cursor|startCursor|endCursor)":"([^"]*)"/g,
        (_all, key: string, value: string) => `"${key}":${value.length}`,
      ),
      statements: await this.lines.statementsOf(requestId),
      data: body.data,
      errors: body.errors ?? [],
    };
  }

  /** Saves a rule until the end of the test; without a subject it speaks of the role Support. */
  async rule({
    name = 'rule',
    effect = 'DENY',
    actions = ['READ'],
    subject,
    ...rest
  }: RuleDraft): Promise<void> {
    const input = { name, effect, actions, subject: subject ?? { rolesAny: ['Support'] }, ...rest };
    const answer = await this.ask(saveRule, { as: this.administrator, variables: { input } });
    const saved = answer.data?.['saveAttributeRule'] as { attributeRule: { id: string } } | null | undefined;
    if (!saved) throw new Error(answer.text);
    const { id } = saved.attributeRule;
    this.undo.push(
      async () => void (await this.ask(deleteRule, { as: this.administrator, variables: { id } })),
    );
  }

  /** Puts names on a blacklist until the end of the test. What is stored of them stays, for the gates to hide. */
  async blacklist(names: readonly string[], scope = 'TENANT', scopeId?: string): Promise<void> {
    const list = { scope, names, ...(scopeId === undefined ? {} : { scopeId }) };
    const variables = { input: { ...list, purgeExisting: false } };
    const answer = await this.ask(addNames, { as: this.administrator, variables });
    if (answer.errors.length > 0 || answer.text.includes('"rejected":[{')) throw new Error(answer.text);
    this.undo.push(
      async () => void (await this.ask(removeNames, { as: this.administrator, variables: { input: list } })),
    );
  }

  /** Takes back the rules of the test; call it after each. */
  async reset(): Promise<void> {
    while (this.undo.length > 0) await this.undo.pop()?.();
  }

  /** A user with these permissions and roles; answers id and token. */
  async someone(
    permissions: readonly string[] = [],
    roleName = `role ${this.count}`,
  ): Promise<{ readonly id: string; readonly token: string }> {
    this.count += 1;
    const roleId = await this.product.givenRole(roleName, permissions);
    const id = await this.product.givenUser({ email: `someone${this.count}@example.com`, roleIds: [roleId] });
    return { id, token: await this.product.user(id) };
  }
  private count = 0;

  /**
   * Asks with the secret stored and with nothing stored, twice each so that both ways of execution answer, and expects the same bytes
   * for the same number of statements each time. Before, it asks twice for what is kept in memory then: settings, and which columns
   * the query takes of the user who asks it. Answers what was answered.
   */
  async indistinguishable(secret: Secret, ask: () => Promise<Served>): Promise<Served> {
    const answers: Served[] = [];
    for (let times = 0; times < 2; times += 1) await ask();
    for (let round = 0; round < 2; round += 1) {
      await secret.store();
      answers.push(await ask());
      await secret.remove();
      answers.push(await ask());
    }
    const [first, ...others] = answers.map(({ status, text, statements }) => ({ status, text, statements }));
    for (const answer of others) expect(answer).toEqual(first);
    return answers[0] as Served;
  }

  /** Expects that the secret shows in the answer while it is stored: proof that the attack would find it. */
  async distinguishable(secret: Secret, ask: () => Promise<Served>): Promise<void> {
    await secret.store();
    const stored = await ask();
    await secret.remove();
    const removed = await ask();
    expect(stored.text).not.toBe(removed.text);
  }

  /**
   * An attack by the role Support that learns nothing of the secret, while the same operation shows it to Sales, whom no rule
   * restricts: what closes the attack is the rule.
   */
  async attack(
    secret: Secret,
    query: string,
    variables: Record<string, unknown> = { id: target },
  ): Promise<Served> {
    await this.distinguishable(secret, () => this.ask(query, { as: this.sales, variables }));
    return this.indistinguishable(secret, () => this.ask(query, { as: this.support, variables }));
  }

  /** A new member of the organization who may read users there; the token is bound to it. */
  async member(organizationId: string): Promise<{ readonly id: string; readonly token: string }> {
    const { id } = await this.someone();
    const roleId = await this.product.givenRole(`Reader ${this.count}`, [
      'read:users',
      'read:organization_members',
    ]);
    const variables = { o: organizationId, u: id, r: roleId };
    const added = await this.ask(addMember, { as: this.administrator, variables });
    if (added.errors.length > 0) throw new Error(added.text);
    return { id, token: await this.product.user(id, organizationId) };
  }

  close(): Promise<void> {
    return this.product.close();
  }
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The codes of the errors of an answer. */
export function codesOf(answer: Served): readonly string[] {
  return answer.errors.map((error) => error.extensions.code);
}
