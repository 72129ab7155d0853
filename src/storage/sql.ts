/**
 * A piece of SQL with its bound values. Values never become text: the dialect renders a placeholder for each.
 * Made by the `sql` tag, which takes values and other pieces alike.
 */
export class Sql {
  /** One text more than there are values: values stand between the texts. */
  constructor(
    readonly texts: readonly string[],
    readonly values: readonly unknown[],
  ) {}

  /** The statement's text with placeholders numbered from `first`. */
  render(placeholder: (position: number) => string, first = 1): string {
    let text = this.texts[0] as string;
    for (let index = 1; index < this.texts.length; index += 1) {
      text += placeholder(first + index - 1) + (this.texts[index] as string);
    }
    return text;
  }

  get isEmpty(): boolean {
    return this.values.length === 0 && this.texts[0] === '';
  }
}

function compose(strings: readonly string[], members: readonly unknown[]): Sql {
  const texts: string[] = [strings[0] as string];
  const values: unknown[] = [];
  members.forEach((member, index) => {
    const next = strings[index + 1] as string;
    if (member instanceof Sql) {
      texts[texts.length - 1] += member.texts[0] as string;
      for (let part = 1; part < member.texts.length; part += 1) texts.push(member.texts[part] as string);
      values.push(...member.values);
      texts[texts.length - 1] += next;
    } else {
      if (member === undefined) throw new TypeError('An undefined value cannot be bound to a statement.');
      values.push(member);
      texts.push(next);
    }
  });
  return new Sql(texts, values);
}

/** `sql\`u.id = ${id}\`` binds `id`; a list is bound as one value (see `dialect.anyOf`); an `Sql` member is inserted as SQL. */
export function sql(strings: TemplateStringsArray, ...members: readonly unknown[]): Sql {
  return compose(strings, members);
}

/** Stands for a value of a composed read that each reading gives: see `ComposedRead`. */
export class Parameter {
  constructor(readonly name: string) {}
}

sql.parameter = (name: string): Parameter => new Parameter(name);

/** SQL text as it stands. Only for constants written inside `storage/` and for quoted identifiers checked against the entities. */
sql.raw = (text: string): Sql => new Sql([text], []);

sql.empty = new Sql([''], []);

/** The pieces, with the separator between each two. */
sql.join = (pieces: readonly Sql[], separator = ', '): Sql => {
  const strings = pieces.map((_, index) => (index === 0 ? '' : separator));
  return compose([...strings, ''], pieces);
};

/** All conditions that are given, joined by AND; `TRUE` when there is none. */
sql.and = (conditions: readonly (Sql | null | undefined)[]): Sql => connect(conditions, ' AND ', 'TRUE');

/** Any of the conditions that are given, joined by OR; `FALSE` when there is none. */
sql.or = (conditions: readonly (Sql | null | undefined)[]): Sql => connect(conditions, ' OR ', 'FALSE');

function connect(conditions: readonly (Sql | null | undefined)[], word: string, none: string): Sql {
  const given = conditions.filter((condition) => condition !== null && condition !== undefined);
  if (given.length === 0) return sql.raw(none);
  if (given.length === 1) return given[0] as Sql;
  return sql.join(
    given.map((condition) => sql`(${condition})`),
    word,
  );
}
