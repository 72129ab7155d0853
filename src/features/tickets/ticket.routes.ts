import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import { anonymousCall } from '#src/http/anonymous-call';
import { sendPage } from '#src/http/pages/page';
import type { Route } from '#src/http/routes';
import { GatehouseError } from '#src/shared/errors';
import {
  deadPage,
  donePage,
  formPage,
  problemOf,
  type AskerQuestion,
  type PageBrowser,
  type TicketPage,
} from './ticket-page';
import type { TicketService } from './ticket.service';
import { formOf } from '#src/http/form-body';

/** `/tickets/:kind/:token`: the pages that links in messages lead to. */
export function ticketRoutes(
  platform: Platform,
  tickets: TicketService,
  pages: ReadonlyMap<string, TicketPage>,
): readonly Route[] {
  const path = '/tickets/:kind/:token';
  const opened = async (request: FastifyRequest) => {
    const { kind, token } = request.params as { readonly kind: string; readonly token: string };
    const call = anonymousCall(platform, request);
    const page = pages.get(kind);
    const ticket = page === undefined ? null : await tickets.find(call, page.kind, token);
    if (page === undefined || ticket === null) return null;
    const browser = { cookies: request.headers.cookie, ip: request.ip };
    const question = (await page.asks?.(call, ticket, browser)) ?? null;
    return { call, page, ticket, token, browser, question };
  };
  return [
    {
      methods: ['GET'],
      path,
      handler: async (request, reply) => {
        const found = await opened(request);
        return sendPage(
          reply,
          found === null ? deadPage() : formPage(found.page, found.ticket, null, found.question),
        );
      },
    },
    {
      methods: ['POST'],
      path,
      takesForm: true,
      isOwnForm: true,
      handler: async (request, reply) => {
        const found = await opened(request);
        if (found === null) return sendPage(reply, deadPage());
        return consume(reply, found, formOf(request));
      },
    },
  ];
}

interface Opened {
  readonly call: Call;
  readonly page: TicketPage;
  readonly ticket: Parameters<typeof formPage>[1];
  readonly token: string;
  readonly browser: PageBrowser;
  readonly question: AskerQuestion | null;
}

async function consume(
  reply: FastifyReply,
  { call, page, ticket, token, browser, question }: Opened,
  form: ReadonlyMap<string, string>,
): Promise<FastifyReply> {
  try {
    const done = await page.consume(call, token, form, browser);
    return done.redirectTo ? reply.redirect(done.redirectTo, 303) : sendPage(reply, donePage(done));
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'TICKET_INVALID')
      return sendPage(reply, deadPage());
    const problem = problemOf(error);
    if (problem === null) throw error;
    return sendPage(reply, formPage(page, ticket, problem, question));
  }
}
