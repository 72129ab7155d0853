import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { ConnectionType } from '#src/features/connections/connection.type';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';
import {
  AttributeSyncMode,
  DatabaseOptionsType,
  EmailVerifiedPolicyMode,
  LdapOptionsType,
  LinkingPolicy,
  OAuthOptionsType,
  SamlOptionsType,
} from './connection-options.type';
import { secretNamesByConnection } from './connection-secret.loader';
import { optionRules, protocolOf, type Protocol } from './provider-options';

const readConnections = () => Auth({ permissions: [['read:connections']] });

const syncModes = {
  on_each_login: AttributeSyncMode.ON_EACH_LOGIN,
  on_first_login: AttributeSyncMode.ON_FIRST_LOGIN,
  never_on_login: AttributeSyncMode.NEVER,
} as const;

/** The settings of a connection. Secrets have no field; only whether each is set. */
@Resolver(() => ConnectionType)
export class ExtendConnectionResolver {
  @readConnections()
  @FieldResolver(() => String, { nullable: true, description: 'Icon of its button on the sign-in page.' })
  iconUrl(@Root() { options }: ConnectionRow): string | null {
    return readConnectionOptions(options).iconUrl;
  }

  @readConnections()
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether the sign-in page shows a button for it.',
  })
  showAsButton(@Root() { options }: ConnectionRow): boolean {
    return readConnectionOptions(options).showAsButton;
  }

  @readConnections()
  @FieldResolver(() => AttributeSyncMode, {
    nullable: true,
    description: 'When what the provider says of a user overwrites what is stored.',
  })
  syncUserProfile(@Root() { options }: ConnectionRow): AttributeSyncMode {
    return syncModes[readConnectionOptions(options).attributeSync];
  }

  @readConnections()
  @FieldResolver(() => EmailVerifiedPolicyMode, {
    nullable: true,
    description:
      'When an e-mail address from here counts as verified; null: as the provider is known to deserve.',
  })
  emailVerifiedPolicy(@Root() { options }: ConnectionRow): string | null {
    return readConnectionOptions(options).emailVerified;
  }

  @readConnections()
  @FieldResolver(() => LinkingPolicy, {
    nullable: true,
    description: 'Whether an account there may become an identity of a user who is here already.',
  })
  linking(@Root() { options }: ConnectionRow): string {
    return readConnectionOptions(options).linking;
  }

  @readConnections()
  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'Mail domains about whose addresses the provider is believed when accounts are linked, besides those that the connection has proven; `*`: all that no connection has proven.',
  })
  linkingDomains(@Root() { options }: ConnectionRow): readonly string[] {
    return readConnectionOptions(options).linkingDomains;
  }

  @readConnections()
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description: 'How claims become attributes where it differs from the provider’s table; null: nowhere.',
  })
  attributeMapping(@Root() { options }: ConnectionRow): unknown {
    return readConnectionOptions(options).attributeMapping;
  }

  @readConnections()
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether nobody of its proven mail domains can make an account with a password.',
  })
  enforceDomains(@Root() { options }: ConnectionRow): boolean {
    return readConnectionOptions(options).enforcesDomains;
  }

  @readConnections()
  @FieldResolver(() => JsonScalar, { nullable: true, description: 'Notes of your own: texts by name.' })
  metadata(@Root() { options }: ConnectionRow): unknown {
    return options['metadata'] ?? {};
  }

  @readConnections()
  @FieldResolver(() => [ID], {
    nullable: true,
    description: 'Applications whose users may come from here; empty: all.',
  })
  applicationIds(@Root() { options }: ConnectionRow): readonly string[] {
    return readConnectionOptions(options).applicationIds;
  }

  @readConnections()
  @FieldResolver(() => DatabaseOptionsType, { nullable: true, description: 'Null for other strategies.' })
  database(@Root() { strategy, options }: ConnectionRow): DatabaseOptionsType | null {
    if (protocolOf(strategy) !== 'DATABASE') return null;
    const known = readConnectionOptions(options);
    const { requiresUsername, requiresEmail, gravatar, disableSignup } = known;
    const { min: minUsernameLength, max: maxUsernameLength } = known.usernameLength;
    return { requiresUsername, requiresEmail, minUsernameLength, maxUsernameLength, gravatar, disableSignup };
  }

  @readConnections()
  @FieldResolver(() => OAuthOptionsType, { nullable: true, description: 'Null for other strategies.' })
  oauth(@Root() row: ConnectionRow, @Ctx() context: RequestContext): Promise<object | null> | null {
    return optionsOf('OAUTH', row, context);
  }

  @readConnections()
  @FieldResolver(() => SamlOptionsType, { nullable: true, description: 'Null for other strategies.' })
  saml(@Root() row: ConnectionRow, @Ctx() context: RequestContext): Promise<object | null> | null {
    return optionsOf('SAML', row, context);
  }

  @readConnections()
  @FieldResolver(() => LdapOptionsType, { nullable: true, description: 'Null for other strategies.' })
  ldap(@Root() row: ConnectionRow, @Ctx() context: RequestContext): Promise<object | null> | null {
    return optionsOf('LDAP', row, context);
  }
}

/** The options of the protocol as their type has them: secrets only as whether they are set. */
function optionsOf(
  protocol: Protocol,
  { id, strategy, options }: ConnectionRow,
  context: RequestContext,
): Promise<object> | null {
  if (protocolOf(strategy) !== protocol) return null;
  return Promise.resolve(context.load(secretNamesByConnection).load(id)).then((names) =>
    Object.fromEntries(
      Object.entries(optionRules[protocol]).map(([name, { key, isSecret }]) =>
        isSecret === true ? [`${name}IsSet`, names.has(name)] : [name, options[key] ?? null],
      ),
    ),
  );
}
