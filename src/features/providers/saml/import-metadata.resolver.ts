import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { ChangedConnectionPayload } from '#src/features/providers/settings/connection-settings-payload.type';
import type { ConnectionSettingsService } from '#src/features/providers/settings/connection-settings.service';
import { badInput } from '#src/features/roles/checked-text';
import type { RequestContext } from '#src/graphql/request-context';
import { readProviderMetadata, type ProviderMetadata } from './idp-metadata';
import { SamlFault } from './saml-fault';

@InputType('ImportSamlMetadataInput', { description: 'The metadata of a SAML identity provider.' })
export class ImportSamlMetadataInput {
  @Field(() => ID, { description: 'The connection: of a SAML strategy.' })
  id!: string;

  @Field(() => String, {
    description:
      'The XML that the provider publishes: one `EntityDescriptor` with one identity provider, at most 512 KiB, without a document type. You vouch for it; a signature in it is not checked.',
  })
  xml!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse with VERSION_CONFLICT when the stored version is another.',
  })
  ifVersion?: number | null;
}

@ObjectType('ImportSamlMetadataPayload', { description: 'The connection that was changed.' })
@WithParent()
export class ImportSamlMetadataPayload extends ChangedConnectionPayload {}

@Resolver()
export class ImportSamlMetadataResolver {
  constructor(private readonly settings: ConnectionSettingsService) {}

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => ImportSamlMetadataPayload, {
    description:
      'Takes entity id, addresses and signing certificates (at most 5) of a provider from its metadata; everything else of the connection stays. NOT_FOUND, VERSION_CONFLICT, BAD_USER_INPUT, LIMIT_EXCEEDED; CONFLICT for another entity id while people come from the connection: `updateConnection` can say that it is the same provider.',
  })
  async importSamlMetadata(
    @Arg('input', () => ImportSamlMetadataInput, { description: 'The metadata, and of which connection.' })
    { id, xml, ifVersion = null }: ImportSamlMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<ImportSamlMetadataPayload> {
    const saml = { ...read(xml, context.clock.now()) };
    return { connection: await this.settings.update(context, { id, ifVersion, saml }) };
  }
}

const problems: Readonly<Record<string, string>> = {
  'too-large': 'is larger than 512 KiB, or nested too deep',
  'markup-refused': 'has a document type, CDATA or processing instructions, which are not read',
  malformed: 'is not well-formed XML, or holds a certificate that is none',
  time: 'says of itself that it is no longer valid',
};

function read(xml: string, now: number): ProviderMetadata {
  try {
    return readProviderMetadata(xml, now);
  } catch (error) {
    if (!(error instanceof SamlFault)) throw error;
    const problem =
      problems[error.reason] ??
      'is not the metadata of one identity provider with an address to sign in and a signing certificate';
    throw badInput('xml', `"xml" ${problem}.`);
  }
}
