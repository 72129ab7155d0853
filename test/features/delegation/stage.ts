import { GroupStage, type Json } from '#test/features/groups/support';
import type { TestDatabase } from '#test/support/databases';

/** Whoever acts reaches his own department alone. */
export const where = { path: 'app_metadata.department', eq: '$actor.app_metadata.department' };
export const levels = ['Auditor', 'User', 'Operator', 'Administrator'] as const;

/** Two departments, and a delegated administrator of each level in the first. */
export class DelegationStage {
  readonly tokens: Record<string, string> = {};
  readonly actors: Record<string, string> = {};
  finance: string[] = [];
  sales: string[] = [];

  private constructor(readonly stage: GroupStage) {}

  static async open(database: Pick<TestDatabase, 'url'>): Promise<DelegationStage> {
    const made = new DelegationStage(await GroupStage.open(database));
    made.finance = [await made.person('f0', 'finance'), await made.person('f1', 'finance')];
    made.sales = [await made.person('s0', 'sales'), await made.person('s1', 'sales')];
    await made.hook('FILTER', { where });
    const { roles } = await made.stage.ok('{ roles(name: "Delegated Admin") { nodes { id name } } }');
    for (const level of levels) {
      const id = await made.person(level.toLowerCase(), 'finance');
      const role = roles.nodes.find((each: Json) => each.name === `Delegated Admin - ${level}`).id;
      await made.stage.change('addUserRoles', { id, roleIds: [role] }, 'user { id }');
      made.actors[level] = id;
      made.tokens[level] = await made.stage.product.user(id);
    }
    return made;
  }

  person(name: string, department: string): Promise<string> {
    return this.stage.product.givenUser({ email: `${name}@dae.example`, appMetadata: { department } });
  }

  hook(name: string, definition: unknown, more: object = {}): Promise<Json> {
    return this.stage.change('saveDaeHook', { name, definition, ...more }, 'hook { version isCurrent }');
  }

  as(level: string): { readonly token: string } {
    return { token: this.tokens[level] as string };
  }

  /** Ids of the users that somebody of the level finds, or the code of the refusal. */
  async visible(level: string, search?: string): Promise<string[]> {
    const query = 'query ($s: String) { daeUsers(search: $s, first: 50) { totalCount nodes { id } } }';
    const { data, errors } = await this.stage.ask(query, {
      ...this.as(level),
      variables: { s: search ?? null },
    });
    if (errors.length > 0) return [errors[0]?.extensions.code ?? ''];
    const { totalCount, nodes } = (data as Json).daeUsers;
    expect(totalCount).toBe(nodes.length);
    return nodes.map((node: Json) => node.id).sort();
  }

  /** Whom the filter lets through. */
  within(): string[] {
    return [...this.finance, ...Object.values(this.actors)].sort();
  }
}
