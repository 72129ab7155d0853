import { startConnections } from '#src/features/connections/connections.feature';
import { startTestApp, type Answer, type AskOptions, type TestApp } from '#test/support/app';
import type { TestDatabase } from '#test/support/databases';

export type Json = ReturnType<typeof JSON.parse>;

/** A running product with short ways to groups, roles and users. */
export class GroupStage {
  private constructor(
    readonly product: TestApp,
    readonly administrator: string,
  ) {}

  static async open(
    database: Pick<TestDatabase, 'url'>,
    options: Parameters<typeof startTestApp>[1] = {},
  ): Promise<GroupStage> {
    const product = await startTestApp(database, options);
    return new GroupStage(product, await product.administrator());
  }

  close(): Promise<void> {
    return this.product.close();
  }

  /** As an administrator, unless a token is given. */
  ask(query: string, options: AskOptions = {}): Promise<Answer> {
    return this.product.ask(query, { token: this.administrator, ...options });
  }

  /** The same, failing the test when there is an error. */
  async ok(query: string, options: AskOptions = {}): Promise<Json> {
    const { data, errors } = await this.ask(query, options);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** One mutation with its input; answers the payload. */
  async change(name: string, input: object, selection: string, token?: string): Promise<Json> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const data = await this.ok(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, {
      variables: { input },
      ...(token === undefined ? {} : { token }),
    });
    return data[name];
  }

  /** The errors of one mutation. */
  async refusal(name: string, input: object, token?: string): Promise<Answer['errors']> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { errors } = await this.ask(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`,
      {
        variables: { input },
        ...(token === undefined ? {} : { token }),
      },
    );
    return errors;
  }

  async group(name: string, more: object = {}): Promise<string> {
    return (await this.change('createGroup', { name, description: `Group ${name}`, ...more }, 'group { id }'))
      .group.id;
  }

  /** Groups below each other, the first at the top; answers their ids. */
  async chain(...names: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const name of names) {
      const id = await this.group(name);
      const above = ids.at(-1);
      if (above !== undefined)
        await this.change('addChildGroups', { id: above, groupIds: [id] }, 'group { id }');
      ids.push(id);
    }
    return ids;
  }

  async putInto(groupId: string, ...userIds: readonly string[]): Promise<void> {
    await this.change('addGroupMembers', { id: groupId, userIds }, 'group { id }');
  }

  /** A role of its own for a group, with permissions of the gateway. */
  async roleFor(groupId: string, name: string, permissions: readonly string[] = []): Promise<string> {
    const roleId = await this.product.givenRole(name, permissions);
    await this.change('addGroupRoles', { id: groupId, roleIds: [roleId] }, 'group { id }');
    return roleId;
  }

  async user(email: string): Promise<string> {
    return this.product.givenUser({ email });
  }

  async application(name: string, type = 'REGULAR_WEB'): Promise<string> {
    const made = await this.change('createApplication', { name, type }, 'application { id }');
    return made.application.id;
  }

  async organization(name: string, userIds: readonly string[] = []): Promise<string> {
    const { organization } = await this.change('createOrganization', { name }, 'organization { id }');
    if (userIds.length > 0)
      await this.change('addOrganizationMembers', { id: organization.id, userIds }, 'organization { id }');
    return organization.id;
  }

  /** A sign-in that somebody else has checked. */
  login(connection: string, claims: object, more: object = {}): Promise<Answer> {
    return this.ask(
      'mutation ($input: RecordLoginInput!) { recordLogin(input: $input) { user { id metadata { app } } created } }',
      { variables: { input: { connection, claims, ...more } } },
    );
  }

  /** A connection of an identity provider. */
  async connection(name: string, strategy = 'samlp'): Promise<void> {
    const { platform, storage } = this.product.app;
    await startConnections(platform).connections.ensure(storage.open(), { name, strategy });
  }
}
