import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { MyAccountDocument, SignInDocument } from './generated/operations';

/** Sends an operation: its document says which variables it takes and what it answers. */
export async function ask<Answer, Variables>(
  gatehouse: string,
  document: TypedDocumentNode<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const response = await fetch(`${gatehouse}/graphql`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as {
    data: Answer;
    errors?: readonly { readonly message: string }[];
  };
  if (errors !== undefined) throw new Error(errors[0]?.message);
  return data;
}

/** Signs in; answers who it is, or null when something else is asked for first. */
export async function signIn(
  gatehouse: string,
  identifier: string,
  password: string,
): Promise<string | null> {
  const { signIn: answer } = await ask(gatehouse, SignInDocument, { input: { identifier, password } });
  // @ts-expect-error an identifier is needed
  void ((): unknown => ask(gatehouse, SignInDocument, { input: { password } }));
  if (answer.result.__typename !== 'LoggedIn') return null;
  const { myAccount } = await ask(gatehouse, MyAccountDocument, {});
  return myAccount?.user?.name ?? null;
}
