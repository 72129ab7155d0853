import { eachDatabase } from '#test/support/databases';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import { clear, patch, setPath, Victim } from '#test/attacks/support/writer';

eachDatabase('attacks by writing metadata', (database) => {
  let stage: Stage;
  let victim: Victim;

  beforeAll(async () => {
    stage = await Stage.open(database);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());
  beforeEach(async () => {
    victim = await Victim.appear(stage);
  });

  test.each(['user_metadata.plan', 'metadata.user.plan', 'user_metadata.pl\u0061n', '*.plan'])(
    'B15 a denied key of the metadata, ruled as %s, is written by no mutation and no mode',
    async (path) => {
      await victim.deny(path);
      const userId = victim.id;
      await victim.refused(patch, { userId, patch: { plan: 'x' } });
      await victim.refused(patch, { userId, patch: { plan: null, theme: 'light' } });
      await victim.refused(patch, { userId, patch: { plan: 'gold' } });
      await victim.refused(patch, { userId, patch: { plan: { deep: 1 } }, mode: 'MERGE_DEEP' });
      await victim.refused(patch, { userId, patch: { theme: 'light' }, mode: 'REPLACE' });
      await victim.refused(patch, { userId, patch: {}, mode: 'REPLACE' });
      await victim.refused(patch, { userId, patch: {} });
      await victim.refused(setPath, { userId, store: 'USER', path: 'plan', value: 'x' });
      await victim.refused(setPath, { userId, store: 'USER', path: 'plan', value: null });
      await victim.refused(setPath, { userId, store: 'USER', path: 'plan.deep', value: 1 });
      await victim.refused(clear, { userId, store: 'USER' });
      const open = await victim.write(patch, { userId, patch: { theme: 'light' } });
      expect(open.errors).toEqual([]);
    },
  );

  test('B15 a denied key deep in the metadata cannot be changed by replacing what it is in', async () => {
    await victim.deny('user_metadata.nested.plan');
    await victim.deny('user_metadata.list.plan');
    const userId = victim.id;
    for (const value of [
      { nested: null },
      { nested: { theme: 'x' } },
      { nested: 'text' },
      { nested: [] },
      { list: [] },
      { list: [{ plan: 2 }] },
    ]) {
      await victim.refused(patch, { userId, patch: value });
      await victim.refused(patch, { userId, patch: value, mode: 'REPLACE' });
    }
    await victim.refused(setPath, { userId, store: 'USER', path: 'nested', value: null });
    // A list is one value: no path leads into it, for nobody.
    const inside = { userId, store: 'USER', path: 'list.0', value: 1 };
    await victim.refused(setPath, inside, 'INVALID_METADATA_KEY');
    const open = await victim.write(patch, { userId, patch: { nested: { theme: 'x' } }, mode: 'MERGE_DEEP' });
    expect(open.errors).toEqual([]);
  });

  test('B15 allowed and denied keys in one mutation: nothing is written, and every denied key is named', async () => {
    await stage.rule({ paths: ['user_metadata.plan', 'user_metadata.nested.plan'], actions: ['WRITE'] });
    const answer = await victim.refused(patch, {
      userId: victim.id,
      patch: { theme: 'x', plan: 'x', nested: { plan: 'x' } },
      mode: 'MERGE_DEEP',
    });
    expect(answer.errors[0]?.extensions).toMatchObject({
      paths: ['user_metadata.plan', 'user_metadata.nested.plan'],
    });
  });

  test('B15 keys that reach into prototypes are refused, in variables and inline', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      for (const value of [`{ "${key}": { "plan": 1 } }`, `{ "nested": { "${key}": {} } }`]) {
        const body = `{"query":${JSON.stringify(patch)},"variables":{"input":{"userId":"${victim.id}","mode":"MERGE_DEEP","patch":${value}}}}`;
        const before = await victim.state();
        const answer = await stage.send({
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.support}` },
          body,
        });
        expect(answer.errors).toHaveLength(1);
        expect(await victim.state()).toBe(before);
      }
      const inline = `mutation { updateUserMetadata(input: { userId: "${victim.id}", patch: { ${key}: { plan: 1 } } }) { warnings } }`;
      expect((await stage.ask(inline, { as: stage.support })).errors).toHaveLength(1);
    }
    expect(({} as Record<string, unknown>)['plan']).toBeUndefined();
  });

  test('B15 of keys that occur twice only what is executed counts, and it is what was checked', async () => {
    await victim.deny('user_metadata.plan');
    const send = (input: string): Promise<Served> =>
      stage.send({
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.support}` },
        body: `{"query":${JSON.stringify(patch)},"variables":{"input":{"userId":"${victim.id}",${input}}}}`,
      });
    const before = await victim.state();
    expect((await send('"patch":{"theme":"x"},"patch":{"plan":"x"}')).errors).toHaveLength(1);
    expect((await send('"patch":{"plan":"a","plan":"b"}')).errors).toHaveLength(1);
    const twice = `mutation { updateUserMetadata(input: { userId: "${victim.id}", patch: { theme: "x" }, patch: { plan: "x" } }) { warnings } }`;
    expect((await stage.ask(twice, { as: stage.support })).errors).toHaveLength(1);
    expect(await victim.state()).toBe(before);
    await send('"patch":{"plan":"x"},"patch":{"Plan":"other attribute"}');
    expect(await victim.state()).toContain('"plan":"gold","theme":"dark"');
  });

  test('B15 a user does not write what is denied of oneself', async () => {
    await stage.rule({
      paths: ['user_metadata.plan'],
      actions: ['WRITE'],
      subject: {},
      object: { self: true },
    });
    const token = await stage.product.user(victim.id);
    const before = await victim.state();
    expect(codesOf(await victim.write(patch, { userId: victim.id, patch: { plan: 'x' } }, token))).toEqual([
      'FORBIDDEN_ARGUMENT',
    ]);
    expect(await victim.state()).toBe(before);
    expect((await victim.write(patch, { userId: victim.id, patch: { theme: 'x' } }, token)).errors).toEqual(
      [],
    );
    expect((await victim.write(patch, { userId: victim.id, patch: { plan: 'x' } })).errors).toEqual([]);
  });

  test('B29 a wildcard holds for keys that are made after it, whatever they are called', async () => {
    const userId = victim.id;
    for (const path of ['user_metadata.**', 'user_metadata.*', 'user_metadata']) {
      await victim.deny(path);
      for (const key of [
        'fresh',
        'a://b',
        'https://x',
        'urn:x',
        'plan ',
        ' plan',
        'PLAN',
        '0',
        'pl[0]an',
        '"quoted"',
        'e\u0301',
        '*',
        '**',
      ]) {
        await victim.refused(patch, { userId, patch: { [key]: 1 } });
        await victim.refused(setPath, { userId, store: 'USER', path: key, value: 1 });
      }
      await stage.reset();
    }
    await victim.deny('user_metadata.nested.*');
    for (const key of ['a://b', 'urn:x', 'fresh']) {
      await victim.refused(setPath, { userId, store: 'USER', path: `nested.${key}`, value: 1 });
      await victim.refused(patch, { userId, patch: { nested: { [key]: 1 } }, mode: 'MERGE_DEEP' });
    }
  });

  test('B29 a wildcard hides keys that are made after it', async () => {
    await stage.rule({ paths: ['user_metadata.*'] });
    const userId = victim.id;
    const read = 'query ($id: ID!) { user(id: $id) { metadata { user } } }';
    for (const key of ['fresh', 'a://b', 'urn:x', '0', 'e\u0301', '**']) {
      const input = { userId, patch: { [key]: 'CNRY' } };
      expect((await victim.write(patch, input, stage.administrator)).errors).toEqual([]);
      const answer = await stage.ask(read, { as: stage.support, variables: { id: victim.id } });
      expect(answer.data).toEqual({ user: { metadata: { user: {} } } });
    }
  });
});
