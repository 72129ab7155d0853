import type { Stage } from '#test/attacks/support/stage';

/** A group with the user in it; answers its id. */
export async function givenGroup(stage: Stage, userId: string): Promise<string> {
  const as = stage.administrator;
  const make = 'mutation { createGroup(input: { name: "Matrix", description: "x" }) { group { id } } }';
  const made = (await stage.ask(make, { as })).data as { createGroup: { group: { id: string } } };
  const { id } = made.createGroup.group;
  const put = 'mutation ($i: AddGroupMembersInput!) { addGroupMembers(input: $i) { group { id } } }';
  const added = await stage.ask(put, { as, variables: { i: { id, userIds: [userId] } } });
  if (added.errors.length > 0) throw new Error(JSON.stringify(added.errors));
  return id;
}
