import { codesOf, type RuleDraft, type Served, type Stage } from '#test/attacks/support/stage';

export const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }';
export const patch =
  'mutation ($input: UpdateUserMetadataInput!) { updateUserMetadata(input: $input) { warnings } }';
export const setPath =
  'mutation ($input: SetMetadataPathInput!) { setMetadataPath(input: $input) { warnings } }';
export const clear = 'mutation ($input: ClearMetadataInput!) { clearMetadata(input: $input) { warnings } }';

const everything = `query ($id: ID!) { user(id: $id) { email phoneNumber nickname blocked version updatedAt
  metadata { user app version } roles { id } identities { connection profileData } } }`;

/** A user of its own whom a test tries to write. */
export class Victim {
  private static count = 0;

  private constructor(
    private readonly stage: Stage,
    readonly id: string,
    readonly email: string,
    readonly serial: number,
  ) {}

  static async appear(stage: Stage): Promise<Victim> {
    Victim.count += 1;
    const email = `writer${Victim.count}@example.com`;
    const id = await stage.product.givenUser({
      email,
      phoneNumber: `+1555000${1000 + Victim.count}`,
      nickname: 'before',
      userMetadata: {
        plan: 'gold',
        theme: 'dark',
        nested: { plan: 'gold', theme: 'dark' },
        list: [{ plan: 1 }],
      },
      appMetadata: { level: 1 },
    });
    return new Victim(stage, id, email, Victim.count);
  }

  /** Everything that is stored. */
  async state(): Promise<string> {
    const asked = { as: this.stage.administrator, variables: { id: this.id } };
    return (await this.stage.ask(everything, asked)).text;
  }

  write(query: string, input: object, as = this.stage.support): Promise<Served> {
    return this.stage.ask(query, { as, variables: { input } });
  }

  /** Forbids Support to write the attribute. */
  deny(path: string, rest: Partial<RuleDraft> = {}): Promise<void> {
    return this.stage.rule({ paths: [path], actions: ['WRITE'], ...rest });
  }

  /** Support is refused with the code, and everything is as it was. */
  async refused(query: string, input: object, code = 'FORBIDDEN_ARGUMENT'): Promise<Served> {
    const before = await this.state();
    const answer = await this.write(query, input);
    expect([input, [...new Set(codesOf(answer))], answer.data ?? null]).toEqual([input, [code], null]);
    expect(await this.state()).toBe(before);
    return answer;
  }
}
