import type { Stage } from '#test/attacks/support/stage';

/** A connection with a mail domain. */
export async function givenConnectionDomain(stage: Stage): Promise<void> {
  const as = stage.administrator;
  const made = await stage.ask(
    'mutation { createConnection(input: { name: "mail-domain", strategy: "oidc" }) { connection { id } } }',
    { as },
  );
  expect(made.errors).toEqual([]);
  const connectionId = /con_\w+/.exec(made.text)?.[0] ?? '';
  const domain = await stage.ask(
    `mutation { createConnectionDomain(input: { connectionId: "${connectionId}", domain: "corp.example" }) { __typename } }`,
    { as },
  );
  expect(domain.errors).toEqual([]);
}
