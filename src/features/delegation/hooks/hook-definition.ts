import { segmentsOf } from '#src/access/attribute-path';
import { readCondition, requireActorPath, type Condition } from '#src/features/delegation/hooks/condition';
import {
  fieldsOf,
  flagOf,
  hookProblem,
  listOf,
  textOf,
  textsOf,
  type Fields,
} from '#src/features/delegation/hooks/hook-problem';
import { foldText } from '#src/features/users/fold-text';

export const hookNames = ['FILTER', 'ACCESS', 'WRITE', 'MEMBERSHIPS', 'SETTINGS'] as const;
export type HookName = (typeof hookNames)[number];

/** What can be done to a user. */
export const delegatedActions = [
  ...(['read:user', 'delete:user', 'reset:password', 'change:password', 'change:username'] as const),
  ...([
    'change:email',
    'change:profile',
    'read:devices',
    'read:logs',
    'remove:multifactor-provider',
  ] as const),
  ...(['block:user', 'unblock:user', 'clear:blocks', 'send:verification-email'] as const),
] as const;
export type DelegatedAction = (typeof delegatedActions)[number];

export interface AccessRule {
  readonly actions: readonly DelegatedAction[];
  readonly effect: 'ALLOW' | 'DENY' | 'REDACT';
  readonly when: Condition | null;
  /** Of REDACT: the attributes that are not there. */
  readonly paths: readonly string[];
}

export interface WriteStep {
  readonly step: 'set' | 'default' | 'forbid' | 'require';
  readonly path: string;
  readonly value: unknown;
  readonly on: readonly ('create' | 'update')[];
}

export interface CustomField {
  readonly property: string;
  readonly label: string;
  readonly create: FieldMode | null;
  readonly edit: FieldMode | null;
}

export interface FieldMode {
  readonly required: boolean;
  readonly options: readonly string[] | null;
}

export interface Definitions {
  readonly FILTER: { readonly where: Condition };
  readonly ACCESS: { readonly rules: readonly AccessRule[] };
  readonly WRITE: { readonly steps: readonly WriteStep[] };
  readonly MEMBERSHIPS: {
    readonly path: string;
    readonly values: readonly string[] | string;
    readonly createMemberships: boolean;
  };
  readonly SETTINGS: {
    readonly connections: readonly string[] | null;
    readonly canCreateUser: boolean;
    /** Pages are not to show records as they are stored. What is to be hidden takes a REDACT. */
    readonly suppressRawData: boolean;
    readonly userFields: readonly CustomField[];
    /** Texts and addresses for the page that shows it all; passed on as they are. */
    readonly dict: unknown;
    readonly css: string | null;
    readonly languageDictionary: unknown;
  };
}

/** Reads a definition; whatever is not understood is refused with its place. Nothing of it is ever run. */
export function readDefinition<Name extends HookName>(name: Name, value: unknown): Definitions[Name] {
  return readers[name](value);
}

const readers: { readonly [Name in HookName]: (value: unknown) => Definitions[Name] } = {
  FILTER: (value) => {
    const { where } = fieldsOf(value, 'definition', ['where']);
    return { where: readCondition(where, 'where') };
  },
  ACCESS: (value) => ({
    rules: listOf(fieldsOf(value, 'definition', ['rules'])['rules'], 'rules', 100).map(readRule),
  }),
  WRITE: (value) => ({
    steps: listOf(fieldsOf(value, 'definition', ['steps'])['steps'], 'steps', 100).map(readStep),
  }),
  MEMBERSHIPS: (value) => {
    const fields = fieldsOf(value, 'definition', ['path', 'values', 'createMemberships']);
    const { values } = fields;
    if (typeof values === 'string') requireActorPath(values, 'values');
    return {
      path: writablePath(fields['path'], 'path'),
      values: typeof values === 'string' ? values : textsOf(values, 'values', 1000),
      createMemberships:
        'createMemberships' in fields && flagOf(fields['createMemberships'], 'createMemberships'),
    };
  },
  SETTINGS: readSettings,
};

function readRule(value: unknown, at: number): AccessRule {
  const path = `rules[${at}]`;
  const fields = fieldsOf(value, path, ['actions', 'effect', 'when', 'paths']);
  const effect = fields['effect'];
  if (effect !== 'ALLOW' && effect !== 'DENY' && effect !== 'REDACT')
    throw hookProblem(`${path}.effect`, 'Must be ALLOW, DENY or REDACT.');
  const actions = textsOf(fields['actions'] ?? ['read:user'], `${path}.actions`, 100);
  actions.forEach((action, index) => {
    if (!delegatedActions.includes(action as DelegatedAction))
      throw hookProblem(`${path}.actions[${index}]`, `Must be one of ${delegatedActions.join(', ')}.`);
  });
  const when = 'when' in fields ? readCondition(fields['when'], `${path}.when`) : null;
  const paths =
    'paths' in fields
      ? textsOf(fields['paths'], `${path}.paths`, 50).map((each, index) =>
          attributePath(each, `${path}.paths[${index}]`),
        )
      : [];
  if ((effect === 'REDACT') !== paths.length > 0)
    throw hookProblem(`${path}.paths`, 'REDACT names attributes, and no other effect does.');
  // What is left out of some users only would show by its absence who they are, and could be searched for.
  if (effect === 'REDACT' && when !== null) throw hookProblem(`${path}.when`, 'REDACT holds for every user.');
  return { actions: actions as readonly DelegatedAction[], effect, when, paths };
}

function attributePath(text: string, path: string): string {
  try {
    const canonical = segmentsOf(text).join('.');
    if (canonical !== 'id' && canonical !== 'user_id') return canonical;
  } catch {
    // Told below.
  }
  throw hookProblem(path, 'Must be the path of an attribute.');
}

const rootAttributes = new Set(['name', 'given_name', 'family_name', 'nickname', 'picture', 'phone_number']);

/** Attributes that hooks and custom fields write. */
function writablePath(value: unknown, path: string): string {
  const text = textOf(value, path);
  const [store, ...keys] = text.split('.');
  const isMetadata = (store === 'user_metadata' || store === 'app_metadata') && keys.length > 0;
  const isPlain = keys.every(
    (key) => /^[\w-]+$/.test(key) && !['__proto__', 'constructor', 'prototype'].includes(key),
  );
  if ((isMetadata && isPlain && store + keys[0] !== 'app_metadataauthorization') || rootAttributes.has(text))
    return text;
  throw hookProblem(
    path,
    `Must be user_metadata.…, app_metadata.… or one of ${[...rootAttributes].join(', ')}.`,
  );
}

function readStep(value: unknown, at: number): WriteStep {
  const path = `steps[${at}]`;
  const fields = fieldsOf(value, path, ['step', 'path', 'value', 'on']);
  const { step } = fields;
  if (step !== 'set' && step !== 'default' && step !== 'forbid' && step !== 'require')
    throw hookProblem(`${path}.step`, 'Must be set, default, forbid or require.');
  const takesValue = step === 'set' || step === 'default';
  if (takesValue !== 'value' in fields)
    throw hookProblem(`${path}.value`, takesValue ? 'Is missing.' : `"${step}" takes no value.`);
  const given = fields['value'];
  if (typeof given === 'string' && given.startsWith('$')) requireActorPath(given, `${path}.value`);
  const on = 'on' in fields ? textsOf(fields['on'], `${path}.on`, 2) : ['create', 'update'];
  if (on.some((each) => each !== 'create' && each !== 'update'))
    throw hookProblem(`${path}.on`, 'Must hold create, update or both.');
  return {
    step,
    path: writablePath(fields['path'], `${path}.path`),
    value: given,
    on: on as WriteStep['on'],
  };
}

function readSettings(value: unknown): Definitions['SETTINGS'] {
  const names = [
    ...['connections', 'canCreateUser', 'suppressRawData', 'userFields'],
    ...['dict', 'css', 'languageDictionary'],
  ];
  const fields = fieldsOf(value, 'definition', names);
  const userFields = listOf(fields['userFields'] ?? [], 'userFields', 100).map(readField);
  const seen = new Set<string>();
  userFields.forEach(({ property }, at) => {
    if (seen.has(foldText(property))) throw hookProblem(`userFields[${at}].property`, 'Comes twice.');
    seen.add(foldText(property));
  });
  return {
    connections: 'connections' in fields ? textsOf(fields['connections'], 'connections', 100) : null,
    canCreateUser: 'canCreateUser' in fields ? flagOf(fields['canCreateUser'], 'canCreateUser') : true,
    suppressRawData: 'suppressRawData' in fields && flagOf(fields['suppressRawData'], 'suppressRawData'),
    userFields,
    dict: fields['dict'] ?? null,
    css: 'css' in fields ? textOf(fields['css'], 'css', 2048) : null,
    languageDictionary: fields['languageDictionary'] ?? null,
  };
}

function readField(value: unknown, at: number): CustomField {
  const path = `userFields[${at}]`;
  const fields = fieldsOf(value, path, ['property', 'label', 'create', 'edit']);
  const property = writablePath(fields['property'], `${path}.property`);
  return {
    property,
    label: 'label' in fields ? textOf(fields['label'], `${path}.label`) : property,
    create: readMode(fields, path, 'create'),
    edit: readMode(fields, path, 'edit'),
  };
}

function readMode(fields: Fields, path: string, mode: 'create' | 'edit'): FieldMode | null {
  const value = fields[mode];
  if (value === undefined || value === false) return null;
  if (value === true) return { required: false, options: null };
  const at = `${path}.${mode}`;
  const given = fieldsOf(value, at, ['required', 'options']);
  return {
    required: 'required' in given && flagOf(given['required'], `${at}.required`),
    options: 'options' in given ? textsOf(given['options'], `${at}.options`, 1000) : null,
  };
}
