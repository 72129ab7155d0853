import type { Call } from '#src/access/call';
import { isSecureIssuer } from '#src/config/origin';
import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { GuessCounter } from '#src/features/factors/proofs/guess-counter';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { EnrollmentResolver } from '#src/features/factors/enrollments/enrollment.resolver';
import { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import { UserMethodsResolver } from '#src/features/factors/methods/extend-user.resolver';
import { RelyingParty } from '#src/features/factors/passkeys/relying-party';
import { ProofService, provenMethod } from '#src/features/factors/proofs/proof.service';
import type { HashingQueue } from '#src/features/factors/recovery-codes/recovery-codes';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import {
  signInWithPasskey,
  startPasskeySignIn,
  type PasskeySignIn,
} from '#src/features/factors/sign-in/passkey-sign-in';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import { MfaResolver } from '#src/features/factors/sign-in/mfa.resolver';
import { MfaService } from '#src/features/factors/sign-in/mfa.service';
import { ApplicationMfaPolicyResolver } from '#src/features/factors/policies/extend-application.resolver';
import { ConnectionMfaPolicyResolver } from '#src/features/factors/policies/extend-connection.resolver';
import { OrganizationMfaPolicyResolver } from '#src/features/factors/policies/extend-organization.resolver';
import { MfaPolicyResolver } from '#src/features/factors/policies/mfa-policy.resolver';
import { MfaPolicyService } from '#src/features/factors/policies/mfa-policy.service';
import { askSecondFactor } from '#src/features/factors/sign-in/second-factor';
import { StepUpResolver } from '#src/features/factors/step-up/step-up.resolver';
import type { MailService } from '#src/features/mail/mail.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { SessionService } from '#src/features/sessions/session.service';
import type { UserService } from '#src/features/users/user.service';
import type { Authenticate } from '#src/graphql/authenticate';
import type { FeatureParts } from '#src/graphql/feature';
import type { Origins } from '#src/http/cors';
import { sealedColumn } from '#src/storage/sealed-column';
import { TotpSecretEntity } from '#src/features/factors/totp/totp-secret.entity';
import { factorPermissions } from './factor.permissions';

export interface FactorServices {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly applications: ApplicationService;
  readonly organizations: OrganizationService;
  readonly users: UserService;
  readonly mail: MailService;
  readonly passwords: PasswordService;
  readonly hashing: HashingQueue;
  readonly attackProtection: GuessCounter;
  readonly sessions: SessionService;
  readonly authenticate: Authenticate;
  /** Pages that may use passkeys. */
  readonly origins: Origins;
}

export interface StartedFactors {
  readonly methods: AuthenticationMethodService;
  readonly proofs: ProofService;
  readonly mfa: MfaService;
  /** Signing in by a passkey alone. */
  readonly passkeySignIn: {
    start(call: Call): Promise<StartedProof>;
    finish(call: Call, request: PasskeySignIn, browser: SigningBrowser): Promise<SignedInOutcome>;
  };
}

/** Second factors and passkeys: enrolment, their part in signing in, and the step-up of a session. */
export function startFactors(
  { config: { factors: config, http } }: { readonly config: Pick<Platform['config'], 'factors' | 'http'> },
  secrets: Pick<Secrets, 'ring'>,
  { authenticate, origins, ...services }: FactorServices,
): FeatureParts & StartedFactors {
  const { sessions } = services;
  const ring = () => secrets.ring('factors');
  const relyingParty = new RelyingParty({ issuer: http.issuer, name: config.serviceName, origins });
  const policies = new MfaPolicyService({ ...services, config });
  const parts = { ...services, config, ring, relyingParty, policies };
  const proofs = new ProofService(parts);
  const devices = { config, isSecureIssuer: isSecureIssuer(http) };
  const mfaParts = { ...parts, proofs, devices };
  const methods = new AuthenticationMethodService({
    ...parts,
    factorRemoved: async (store, call, userId) => {
      const exceptSessionId = call.principal.userId === userId ? call.principal.sessionId : null;
      await sessions.endForEvent(store, call, userId, 'factor-removed', { exceptSessionId });
    },
    proved: async (store, call, type) => {
      const { sessionId } = call.principal;
      if (sessionId === null) return;
      await sessions.addAuthenticationMethod(store, call, sessionId, provenMethod({ type }));
    },
  });
  sessions.hooks.afterFirstFactor.push((store, call, proven) =>
    askSecondFactor(policies, store, call, proven),
  );
  const mfa = new MfaService(mfaParts);
  return {
    name: 'factors',
    sealed: [sealedColumn(TotpSecretEntity, ['methodId'], 'sealedSeed', 'factors')],
    resolvers: [
      new EnrollmentResolver(methods, parts),
      new UserMethodsResolver(),
      new MfaResolver(mfa, mfaParts, authenticate),
      new StepUpResolver({ ...mfaParts }),
      new MfaPolicyResolver(policies),
      new ApplicationMfaPolicyResolver(),
      new ConnectionMfaPolicyResolver(),
      new OrganizationMfaPolicyResolver(),
    ],
    permissions: factorPermissions,
    ...{ methods, proofs, mfa },
    passkeySignIn: {
      start: (call) => startPasskeySignIn(mfaParts, call),
      finish: (call, request, browser) => signInWithPasskey(mfaParts, call, request, browser),
    },
  };
}
