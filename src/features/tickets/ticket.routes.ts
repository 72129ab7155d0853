import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import { anonymousCall } from '#src/http/anonymous-call';
import { leave } from '#src/http/pages/leave';
import { sendPage, type Page } from '#src/http/pages/page';
import type { Route } from '#src/http/routes';
import { GatehouseError } from '#src/shared/errors';
import { deadPage, donePage, formPage, problemOf, type PageBrowser, type TicketPage } from './ticket-page';
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
    return { call, page, ticket, token, browser };
  };
  return [
    {
      methods: ['GET'],
      path,
      handler: async (request, reply) => {
        const found = await opened(request);
        return sendPage(reply, found === null ? deadPage() : await formOfTicket(found, null));
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
}

async function formOfTicket({ call, page, ticket, browser }: Opened, problem: string | null): Promise<Page> {
  return formPage(page, ticket, problem, (await page.asks?.(call, ticket, browser)) ?? null);
}

async function consume(
  reply: FastifyReply,
  opened: Opened,
  form: ReadonlyMap<string, string>,
): Promise<FastifyReply> {
  const { call, page, token, browser } = opened;
  try {
    const done = await page.consume(call, token, form, browser);
    return done.redirectTo ? leave(reply, done.redirectTo) : sendPage(reply, donePage(done));
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'TICKET_INVALID')
      return sendPage(reply, deadPage());
    const problem = problemOf(error);
    if (problem === null) throw error;
    return sendPage(reply, await formOfTicket(opened, problem));
  }
}
