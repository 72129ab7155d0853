import type { LoginFlow } from '#src/features/providers/login/login-flow';
import { goOn } from './go-on';
import type { Answer, LoginPageParts, Step, Visit } from './login-parts';
import { parsed } from './parsed';
import { linkCodePage, linkPage, linkPasskeyPage } from '#src/features/login-pages/pages/link-pages';

/** What somebody is asked whose address belongs to an account here. */
export async function askLink(
  { linking }: LoginPageParts,
  { call, application, flow }: Visit,
  problem: string | null = null,
): Promise<Answer> {
  const { challenge: _challenge, sentTo: _sentTo, ...next } = flow;
  const prompt = await linking.describe(call, flow.link ?? '');
  return { page: linkPage({ flow: next, application, problem }, prompt), flow: next };
}

const mail: Step = async ({ linking }, { call, flow, application }) => {
  const { kind } = await linking.describe(call, flow.link ?? '');
  const { challenge, sentTo } = await linking.startProof(call, flow.link ?? '', 'EMAIL');
  const next: LoginFlow = { ...flow, challenge, ...(sentTo === undefined ? {} : { sentTo }) };
  return { page: linkCodePage({ flow: next, application }, kind === 'RECLAIM'), flow: next };
};

const passkey: Step = async ({ linking }, { call, flow, application }) => {
  const { challenge, options } = await linking.startProof(call, flow.link ?? '', 'PASSKEY');
  const next: LoginFlow = { ...flow, challenge };
  return { page: linkPasskeyPage({ flow: next, application }, options ?? {}), flow: next };
};

const prove =
  (proofOf: (visit: Visit) => Parameters<LoginPageParts['linking']['accept']>[1]['proof']): Step =>
  async (parts, visit) => {
    const { call, flow, browser } = visit;
    const request = { linkToken: flow.link ?? '', proof: proofOf(visit) };
    return goOn(parts, visit, await parts.linking.accept(call, request, browser));
  };

const reclaim: Step = async (parts, visit) => {
  const { call, flow, browser, form } = visit;
  const answer = { challenge: flow.challenge ?? '', code: form.get('code') ?? '' };
  const request = { linkToken: flow.link ?? '', ...answer };
  return goOn(parts, visit, await parts.linking.reclaim(call, request, browser));
};

const decline: Step = async (parts, visit) => {
  const { call, flow, browser } = visit;
  return goOn(parts, visit, await parts.linking.decline(call, flow.link ?? '', browser));
};

/** What the pages of a link ask for, by the name that their forms send. */
export const linkSteps: Readonly<Record<string, Step>> = {
  link: askLink,
  'link-mail': mail,
  'link-passkey': passkey,
  'link-password': prove(({ form }) => ({ password: form.get('password') ?? '' })),
  'link-code': prove(({ flow, form }) => ({
    emailCode: { challenge: flow.challenge ?? '', code: form.get('code') ?? '' },
  })),
  'link-passkey-done': prove(({ flow, form }) => ({
    passkey: { challenge: flow.challenge ?? '', response: parsed(form.get('response')) },
  })),
  'link-reclaim': reclaim,
  'link-decline': decline,
};

/** The page that a step of a link came from, with what was wrong. */
export function linkAgain(
  parts: LoginPageParts,
  visit: Visit,
  name: string,
  problem: string,
): Promise<Answer> {
  const { flow, application } = visit;
  if (name !== 'link-code' && name !== 'link-reclaim') return askLink(parts, visit, problem);
  const about = { flow, application, problem };
  return Promise.resolve({ page: linkCodePage(about, name === 'link-reclaim'), flow });
}
