import { benchModule } from '#test/bench/bench-module';

const { normalize } = benchModule<{ normalize(value: unknown): unknown }>('agreement');

describe('the comparison of answers', () => {
  it('takes lists without an order of their own as sets', () => {
    const one = {
      roles: [
        { name: 'b', permissions: [{ name: 'y' }, { name: 'x' }] },
        { name: 'a', permissions: [] },
      ],
    };
    const other = {
      roles: [
        { name: 'a', permissions: [] },
        { name: 'b', permissions: [{ name: 'x' }, { name: 'y' }] },
      ],
    };
    expect(normalize(one)).toEqual(normalize(other));
  });

  it('minds the order of every other list', () => {
    expect(normalize({ nodes: [1, 2] })).not.toEqual(normalize({ nodes: [2, 1] }));
    expect(normalize({ identities: [{ provider: 'a' }, { provider: 'b' }] })).not.toEqual(
      normalize({ identities: [{ provider: 'b' }, { provider: 'a' }] }),
    );
  });

  it('minds a value, an absent member and null', () => {
    expect(normalize({ email: null })).not.toEqual(normalize({}));
    expect(normalize({ name: 'a' })).not.toEqual(normalize({ name: 'b' }));
  });
});
