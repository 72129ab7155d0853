import { commonErrors } from '#src/shared/errors';

/** BAD_USER_INPUT that names the place in a definition: `rules[0].when.all[1].path`. */
export function hookProblem(path: string, message: string): Error {
  return commonErrors.BAD_USER_INPUT({
    message: `${path}: ${message}`,
    extensions: { field: 'definition', path },
  });
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object with no members but these. */
export function fieldsOf(value: unknown, path: string, names: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw hookProblem(path, 'Must be an object.');
  for (const name of Object.keys(value))
    if (!names.includes(name))
      throw hookProblem(`${path}.${name}`, `Is not known. There are: ${names.join(', ')}.`);
  return value as Fields;
}

export function listOf(value: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw hookProblem(path, 'Must be a list.');
  if (value.length > most) throw hookProblem(path, `May have at most ${most} members.`);
  return value as unknown[];
}

export function textOf(value: unknown, path: string, longest = 255): string {
  if (typeof value === 'string' && value !== '' && value.length <= longest) return value;
  throw hookProblem(path, `Must be a text of 1 to ${longest} characters.`);
}

export function textsOf(value: unknown, path: string, most: number): readonly string[] {
  return listOf(value, path, most).map((each, at) => textOf(each, `${path}[${at}]`));
}

export function flagOf(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw hookProblem(path, 'Must be true or false.');
}
