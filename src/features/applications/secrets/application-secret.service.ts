import type { Call } from '#src/access/call';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { badInput } from '#src/features/roles/checked-text';
import { findPermissionsOfApplications } from '#src/features/applications/grants/application-permission.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { deleteSecret, hasSecret } from './application-secret.repository';
import { createSecret, hashIfSecret, isConfidential, type NewSecret } from './create-secret';

/** What confidential applications prove themselves with. */
export class ApplicationSecretService {
  constructor(
    private readonly applications: ApplicationService,
    private readonly assignments: AssignmentService,
  ) {}

  /**
   * A further secret, so that the one in use can be replaced without a gap.
   * SECURITY: privilege escalation; whoever has a machine's secret may do what the machine may, so it is made by who could have given it that.
   */
  create(call: Call, applicationId: string): Promise<NewSecret> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const { type } = await this.applications.require(store, applicationId);
      if (!isConfidential(type)) {
        throw badInput(
          'applicationId',
          'An application that runs in a browser or on a device can keep no secret.',
        );
      }
      const held = await findPermissionsOfApplications(store, [applicationId]);
      const ids = held.map(({ id }) => id);
      if (ids.length > 0) await this.assignments.requireGrantable(call, store, ids);
      const secret = await createSecret(call, store, applicationId);
      await this.applications.record(store, call, 'application.create_secret', applicationId, ['secrets']);
      return secret;
    });
  }

  /** From now on the secret proves nothing; tokens that it was used for live until they expire. */
  delete(
    call: Call,
    { applicationId, id }: { readonly applicationId: string; readonly id: string },
  ): Promise<string> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      await this.applications.require(store, applicationId);
      if (!(await deleteSecret(store, applicationId, id))) {
        throw commonErrors.NOT_FOUND({ message: 'The application has no such secret.' });
      }
      await this.applications.record(store, call, 'application.delete_secret', applicationId, ['secrets']);
      return id;
    });
  }

  /** Whether this is a secret of this application, and the application is enabled. One statement, whatever is wrong. */
  async proves(store: Store, applicationId: string, secret: string): Promise<boolean> {
    // SECURITY: the database compares hashes of 256 random bits, so that the time it takes tells nothing about a secret.
    return hasSecret(store, applicationId, hashIfSecret(secret) ?? '');
  }
}
