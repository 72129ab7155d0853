/** @jest-environment node */
import {
  getOperationAST,
  parse,
  type ExecutionResult,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { withoutGates } from '#src/access/guard-schema';
import { anonymous } from '#src/access/principal';
import { CompiledForms } from '#src/graphql/compiled-forms';
import { planOperation } from '#src/graphql/operation-plan';
import { admin, asker, caller, policyOf, rule, sampleSchema } from '#test/graphql/sample';

describe('one document, asked by callers with different rights', () => {
  const query = '{ users { nodes { email phoneNumber pets { name } } } }';
  const notOfX = rule({ paths: ['email'], object: { connections: ['x'] } });
  const facts = { 'auth0|a': { connections: ['x'], organizations: [] } };
  const emails = ({ data }: ExecutionResult): unknown =>
    (data as { users: { nodes: { email: string | null }[] } }).users.nodes.map(({ email }) => email);

  test('each stands before its own gates, in whatever order they ask', async () => {
    const ask = asker(query);
    const policy = policyOf(notOfX, rule({ subject: { rolesAny: ['support'] } }));
    const support = caller(['read:users', 'read:pets'], null, ['support']);
    const petless = caller(['read:users']);
    for (let round = 0; round < 4; round += 1) {
      const open = await ask({ as: admin });
      expect(emails(open)).toEqual(['a@example.com', 'b@example.com']);
      expect(open.errors).toBeUndefined();

      const partly = await ask({ as: admin, policy, facts });
      expect(emails(partly)).toEqual([null, 'b@example.com']);
      expect(partly.errors).toHaveLength(1);

      const asSupport = await ask({ as: support, policy, facts });
      expect(emails(asSupport)).toEqual([null, 'b@example.com']);
      expect(asSupport.errors?.map(({ extensions }) => extensions['coordinate']).sort()).toEqual([
        'User.email',
        'User.phoneNumber',
      ]);

      const withoutPets = await ask({ as: petless });
      expect(withoutPets.errors?.map(({ extensions }) => extensions['coordinate'])).toEqual(['Pet.name']);

      const closed = await ask({ as: anonymous });
      expect(closed.data).toEqual({ users: null });
    }
  });

  test('more kinds of callers than are compiled for share the form with every gate', () => {
    const built = sampleSchema();
    const document = parse('{ users { nodes { email phoneNumber pets { id } } } }');
    const operation = getOperationAST(document) as OperationDefinitionNode;
    const plan = planOperation(built.open, built.rules, document, operation);
    expect(plan.guarded).toHaveLength(4);
    const forms = new CompiledForms(built, document, plan);
    const used = Array.from({ length: 16 }, (_, bits) => {
      const form = bits.toString(2).padStart(4, '0');
      forms.use(form);
      return forms.use(form);
    });
    expect(new Set(used.slice(0, 8)).size).toBe(8);
    expect(new Set(used.slice(8)).size).toBe(1);
    expect(used[15]).toBe(forms.use('guarded'));
    forms.use('open');
    expect(used).not.toContain(forms.use('open'));
  });

  test('afterwards every gate of the schema stands, also after work that fails', () => {
    const { guarded, open, rules } = sampleSchema();
    const resolvers = (): unknown[] =>
      [...rules.guarded.keys()].map((coordinate) => resolverOf(guarded, coordinate));
    const before = resolvers();
    const fields = [...rules.guarded.values()];
    expect(() =>
      withoutGates({ guarded, open }, fields, () => {
        expect(resolvers()).toEqual(
          [...rules.guarded.keys()].map((coordinate) => resolverOf(open, coordinate)),
        );
        throw new Error('cannot compile');
      }),
    ).toThrow('cannot compile');
    expect(resolvers()).toEqual(before);
  });
});

function resolverOf(schema: GraphQLSchema, coordinate: string): unknown {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  return (schema.getType(typeName) as GraphQLObjectType).getFields()[fieldName]?.resolve;
}
