import { z } from 'zod';
import { loginUrlProblem } from './origin';
import { flag, integer, text } from './setting';

const limit = (value: number, max: number, description: string) =>
  integer({ default: value, min: 1, max, description });

/** Stands for an address that is not set. */
export const noUrl = 'none';

export const organizationsSection = z.strictObject({
  maxOrganizations: limit(100_000, 10_000_000, 'Organizations of the deployment.'),
  maxMembers: limit(100_000, 10_000_000, 'Members of one organization.'),
  maxRolesPerMember: limit(50, 1_000, 'Roles of one member.'),
  maxRolesPerOrganization: limit(350, 1_000, 'Roles that belong to one organization.'),
  maxMetadataKeys: limit(25, 1_000, 'Metadata keys of one organization.'),
  maxConnections: limit(10, 1_000, 'Connections of one organization.'),
  maxApplications: limit(100, 1_000, 'Applications for people that one organization was granted.'),
  maxMachineApplications: limit(
    100,
    1_000,
    'Applications of type MACHINE that one organization was granted.',
  ),
  maxDomains: limit(100, 10_000, 'Domains of one organization.'),
  maxNameHits: limit(50, 1_000, 'Organizations that a search by name finds.'),
  shortestNamePart: limit(4, 50, 'Shorter texts find the organization of exactly this name only.'),
  maxSignInChoices: limit(20, 1_000, 'Organizations offered for choice at sign-in, those joined first.'),
  maxInvitationsPerCall: limit(10, 100, 'Invitations that one call makes or revokes.'),
  maxInvitationResends: limit(5, 100, 'How often one invitation may be sent again.'),
  invitationResendSeconds: limit(60, 86_400, 'Time between two messages of one invitation.'),
  invitationTtlSeconds: limit(604_800, 31_536_000, 'How long an invitation is good where it does not say.'),
  maxInvitationTtlSeconds: limit(2_592_000, 31_536_000, 'How long an invitation may be good at most.'),
  invitationRetentionDays: limit(30, 3_650, 'How long invitations that are over are kept.'),
  invitationSweepSeconds: limit(3_600, 86_400, 'Time between two runs that mark and delete old invitations.'),
  invitationLoginUrl: text({
    default: noUrl,
    allowed: `an https URL, an http URL on loopback, or ${noUrl}`,
    check: (value) => (value === noUrl ? null : loginUrlProblem(value)),
    description:
      'The page that invitations lead to that name no application; it gets `invitation`, `organization` and `organization_name`. Without it they are refused.',
  }),
  domainLookupMs: limit(5_000, 60_000, 'How long the proof of a domain waits for an answer of the DNS.'),
  nameInTokens: flag({
    derive: () => false,
    defaultText: 'false',
    description: 'Whether issued access tokens carry the name of the organization beside its id.',
  }),
});

export type OrganizationsConfig = Readonly<z.output<typeof organizationsSection>>;
