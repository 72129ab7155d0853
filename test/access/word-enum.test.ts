/**
 * @jest-environment node
 */
import 'reflect-metadata';
import { printType } from 'graphql';
import { Arg, Query, Resolver } from 'type-graphql';
import { Public } from '#src/access/decorators';
import { wordEnum } from '#src/access/word-enum';
import { buildSchema } from '#src/graphql/build-schema';
import { createCursors } from '#src/storage/cursor';
import { requireOwnModules } from '#test/support/own-modules';

requireOwnModules();

const Ending = wordEnum('Ending', 'How it ended.', {
  'session-revoked': 'Somebody ended it.',
  multiDevice: 'On several devices.',
});

@Resolver()
class Answered {
  @Public()
  @Query(() => Ending, { description: 'How it ended.' })
  ending(): string {
    return 'session-revoked';
  }
}

@Resolver()
class Given {
  @Public()
  @Query(() => Boolean, { description: 'Whether it ended so.' })
  hasEnded(@Arg('ending', () => Ending, { description: 'How.' }) ending: string): boolean {
    return ending === '';
  }
}

const built = (resolver: object) =>
  buildSchema([{ name: 'words', resolvers: [resolver] }], {
    cursors: createCursors(Buffer.alloc(32)),
    maximumIds: 100,
    maximumRepresentations: 100,
    openSdl: true,
  });

describe('an enum of stored words', () => {
  it('names each value after its word and keeps the word as what rows hold', () => {
    const type = built(new Answered()).open.getType('Ending');
    expect(printType(type!)).toBe(
      '"""How it ended."""\nenum Ending {\n  """Somebody ended it."""\n  SESSION_REVOKED\n\n  """On several devices."""\n  MULTI_DEVICE\n}',
    );
    expect(Ending).toEqual({ SESSION_REVOKED: 'session-revoked', MULTI_DEVICE: 'multiDevice' });
  });

  it('is for answers alone: the rules of what callers give are found by the names of values', () => {
    expect(() => built(new Given())).toThrow(/values of enum Ending must equal their names/);
  });
});
