import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { addressOf } from '#src/config/origin';
import { Auth, Public } from '#src/access/decorators';
import { applicationById } from '#src/features/applications/application.loader';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import type { Captures, Capture } from './captures';
import { UpdateLandingPageConfigInput } from './landing-page.input';
import { landingPageType, type LandingPageService } from './landing-page.service';
import type { LandingPageRow } from './landing-page.repository';
import {
  LandingPageCaptureConnectionType,
  LandingPageConfigType,
  LeadProfileType,
  UpdateLandingPageConfigPayload,
} from './landing-page.type';
import {} from '#src/features/landing-pages/flows/landing-page-parts';
import { embedIntegrity } from '#src/features/landing-pages/pages/embed-script';
import type { LeadProofs } from '#src/features/landing-pages/proofs/lead-proof';

export interface LandingPageResolverParts {
  readonly pages: LandingPageService;
  readonly captures: Captures;
  readonly proofs: LeadProofs;
  readonly issuer: string;
}

@Resolver()
export class LandingPageResolver {
  constructor(private readonly parts: LandingPageResolverParts) {}

  @Auth({ permissions: [['read:applications']] })
  @Query(() => LandingPageConfigType, {
    nullable: true,
    description: 'What a landing page gets of its visitors; null when there is no such landing page.',
  })
  async landingPageConfig(
    @Arg('clientId', () => ID, { description: 'Client id of the landing page.' }) clientId: string,
    @Ctx() context: RequestContext,
  ): Promise<LandingPageConfigType | null> {
    const application = await context.load(applicationById).load(clientId);
    if (application?.type !== landingPageType) return null;
    return this.shown(await this.parts.pages.of(context.store, application));
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => UpdateLandingPageConfigPayload, {
    description:
      'Says what a landing page gets of its visitors, and what is kept of them. NOT_FOUND, BAD_USER_INPUT.',
  })
  async updateLandingPageConfig(
    @Arg('input', () => UpdateLandingPageConfigInput, { description: 'What changes.' })
    input: UpdateLandingPageConfigInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateLandingPageConfigPayload> {
    return { config: this.shown(await this.parts.pages.update(context, input)) };
  }

  @Auth({ permissions: [['read:landing_page_captures']] })
  @Query(() => LandingPageCaptureConnectionType, {
    nullable: true,
    description:
      'When and where visitors gave their profile to a landing page, the latest first. FORBIDDEN for callers of one organization.',
  })
  async landingPageCaptures(
    @Arg('clientId', () => ID, { description: 'Client id of the landing page.' }) clientId: string,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Capture>> {
    const found = await this.parts.captures.list(context, clientId, page);
    return toConnection(found, () => this.parts.captures.count(context, clientId));
  }

  @Public()
  @Query(() => LeadProfileType, {
    nullable: true,
    description:
      'What a lead proof of a landing page says, for whoever received it with a form. Null when it is not of this landing page, was changed, or is older than ten minutes: then nothing that came with it can be trusted.',
  })
  async verifyLeadProof(
    @Arg('token', () => String, { description: 'The proof, as the page sent it.' }) token: string,
    @Arg('clientId', () => ID, { description: 'Your landing page: a proof for another one is refused.' })
    clientId: string,
  ): Promise<Partial<LeadProfileType> | null> {
    const lead = await this.parts.proofs.verify(token, clientId);
    if (lead === null) return null;
    const { id, origin, issuedAt, profile } = lead;
    return { id, origin, issuedAt, ...profile } as Partial<LeadProfileType>;
  }

  private shown(row: LandingPageRow): LandingPageConfigType {
    const url = addressOf(this.parts.issuer, '/embed/v1.js');
    const attributes = `integrity="${embedIntegrity}" crossorigin="anonymous" data-client="${row.applicationId}"`;
    return {
      ...{ clientId: row.applicationId, returnedAttributes: row.returnedAttributes },
      ...{ storage: row.storage, consentTextId: row.consentTextId },
      script: { url, integrity: embedIntegrity, tag: `<script src="${url}" ${attributes}></script>` },
    };
  }
}
