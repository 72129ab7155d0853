import type { Route } from '#src/http/routes';
import { markup } from './html';
import { sendPage } from './page';
import { formOf } from '#src/http/form-body';

/** The route, closed to forms that did not come from a page of ours. */
export function ownFormsOnly(route: Route): Route {
  if (route.isOwnForm !== true) return route;
  return {
    ...route,
    handler: (request, reply) => {
      const form = formOf(request);
      if (request.server.formTokens.accepts(request.headers, form)) return route.handler(request, reply);
      request.record.errorCodes = ['CSRF_REJECTED'];
      return sendPage(reply, {
        status: 403,
        title: 'This was not sent from our page',
        body: markup`<p class="problem" role="alert">Nothing was done. Go back, load the page again and send it once more. Your browser must keep cookies of this site.</p>
<p class="hint">Code: CSRF_REJECTED</p>`,
      });
    },
  };
}
