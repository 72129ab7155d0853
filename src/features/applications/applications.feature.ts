import type { Platform } from '#src/access/platform';
import type { AuditService } from '#src/features/audit/audit.service';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { edge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';
import { allowedOrigins } from '#src/http/cors';
import { ApplicationCredentialResolver } from './application-credential.resolver';
import { permissionsByApplication, secretsByApplication } from './application-edges.loader';
import { applicationById } from './application.loader';
import { applicationPermissions } from './application.permissions';
import type { ApplicationRow } from './application.repository';
import { ApplicationResolver } from './application.resolver';
import { ApplicationService } from './application.service';
import { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import { ApplicationSecretService } from '#src/features/applications/secrets/application-secret.service';
import { WebOrigins } from './web-origins';

export interface ApplicationServices {
  readonly audit: AuditService;
  readonly assignments: AssignmentService;
}

/** What later features and the composition root use of this one. */
export interface StartedApplications {
  readonly applications: ApplicationService;
  readonly secrets: ApplicationSecretService;
  readonly grants: ApplicationGrantService;
  readonly origins: WebOrigins;
}

export function startApplications(
  platform: Pick<Platform, 'config' | 'storage' | 'logger'>,
  { audit, assignments }: ApplicationServices,
): FeatureParts & StartedApplications {
  const origins = new WebOrigins(allowedOrigins(platform.config.http), platform);
  const applications = new ApplicationService(audit, origins);
  const secrets = new ApplicationSecretService(applications, assignments);
  const grants = new ApplicationGrantService(applications, assignments);
  return {
    name: 'applications',
    resolvers: [new ApplicationResolver(applications), new ApplicationCredentialResolver(secrets, grants)],
    entities: [
      {
        type: 'Application',
        ownsId: (id) => id.startsWith('app_'),
        rootField: 'Query.application',
        load: (id, context) => context.load(applicationById).load(id),
      },
    ],
    edges: [
      edge({
        coordinate: 'Application.permissions',
        loader: permissionsByApplication,
        keyOf: (application: ApplicationRow) => application.id,
        childType: 'Permission',
      }),
      edge({
        coordinate: 'Application.secrets',
        loader: secretsByApplication,
        keyOf: (application: ApplicationRow) => application.id,
        childType: 'ApplicationSecret',
      }),
    ],
    permissions: applicationPermissions,
    background: [origins],
    applications,
    secrets,
    grants,
    origins,
  };
}
