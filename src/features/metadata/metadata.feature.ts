import type { AuditService } from '#src/features/audit/audit.service';
import { metadataLimits, type MetadataLimits } from './check-metadata';
import { ExtendUserWithMetadataResolver } from './extend-user.resolver';
import { MetadataFieldsResolver } from './metadata-fields.resolver';
import { metadataByUser } from './metadata.loader';
import { emptyMetadata } from './metadata.repository';
import { ofRow, ofTexts, type StoredTexts } from './stored-metadata';
import { foldedMetadata, metadataFieldColumns } from './stored-metadata.repository';
import { metadataPermissions } from './metadata.permissions';
import { MetadataResolver } from './metadata.resolver';
import { MetadataService } from './metadata.service';
import { MetadataSchemaResolver } from '#src/features/metadata/schema/metadata-schema.resolver';
import { metadataSchemaHandling } from '#src/features/metadata/schema/metadata-schema.job';
import { MetadataSchemaService } from '#src/features/metadata/schema/metadata-schema.service';
import type { PolicyVersion } from '#src/features/metadata/schema/policy-version';
import { registerUserFold } from '#src/features/users/folds/user-folds';
import type { UserService } from '#src/features/users/user.service';
import { neededColumns } from '#src/graphql/needed-columns';
import { edge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';
import type { Jobs } from '#src/jobs/jobs';

export interface MetadataServices {
  readonly audit: AuditService;
  readonly users: UserService;
  /** How the nodes learn of a changed schema. */
  readonly policyVersion: PolicyVersion;
  readonly worker: Pick<Jobs, 'runNow'>;
}

export function startMetadata(
  { audit, users, policyVersion, worker }: MetadataServices,
  limits: MetadataLimits = metadataLimits,
): FeatureParts & { readonly metadata: MetadataService } {
  const metadata = new MetadataService(audit, users, limits);
  users.hooks.created.push((store, call, user, extras) => metadata.initialize(store, call, user.id, extras));
  registerUserFold({
    name: 'metadata',
    path: ['User.metadata'],
    rows: foldedMetadata,
    columnsFor: (context) => neededColumns(context, metadataFieldColumns),
    prime: (context, userId, [row]) =>
      context
        .load(metadataByUser)
        .prime(
          userId,
          row ? ofTexts(userId, row as Omit<StoredTexts, 'userId'>) : ofRow(emptyMetadata(userId)),
        ),
  });
  return {
    name: 'metadata',
    resolvers: [
      new MetadataResolver(metadata),
      new MetadataFieldsResolver(),
      new ExtendUserWithMetadataResolver(),
      new MetadataSchemaResolver(new MetadataSchemaService(audit, policyVersion, worker)),
    ],
    edges: [
      edge({
        coordinate: 'User.metadata',
        loader: metadataByUser,
        keyOf: (user: { readonly id: string }) => user.id,
        childType: 'Metadata',
      }),
    ],
    permissions: metadataPermissions,
    jobs: [metadataSchemaHandling(policyVersion)],
    metadata,
  };
}
