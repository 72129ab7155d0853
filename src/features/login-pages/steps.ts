import type { ApplicationRow } from '#src/features/applications/application.repository';
import { asConnection } from '#src/features/connections/connection.service';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { strategyKind } from '#src/features/connections/strategy';
import type { ProofInput } from '#src/features/factors/proofs/proof';
import type { SignInOrganizationRow } from '#src/features/organizations/sign-in/sign-in-organization.repository';
import { discoverConnection, usableConnections } from '#src/features/providers/domains/discover-connection';
import type { LoginFlow } from '#src/features/providers/login/login-flow';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { commonErrors } from '#src/shared/errors';
import { askFactor, goOn } from './go-on';
import { linkSteps } from './link-steps';
import type { Answer, LoginPageParts, Step, Visit } from './login-parts';
import { parsed } from './parsed';
import { passkeyPage } from '#src/features/login-pages/pages/factor-pages';
import { endPage } from '#src/features/login-pages/pages/frame';
import { discoveredPage, organizationNamePage } from '#src/features/login-pages/pages/organization-pages';
import {
  identifierPage,
  leadingPage,
  nameOf,
  passwordPage,
} from '#src/features/login-pages/pages/first-pages';

const longestIdentifier = 320;

/** The first page, with a button for each provider that shows one. */
export async function firstPage(
  parts: LoginPageParts,
  visit: Visit,
  problem: string | null = null,
): Promise<Answer> {
  const { call, application } = visit;
  const { token: _token, factors: _factors, isChoice: _isChoice, link: _link, ...flow } = visit.flow;
  const place = { application, organizationId: flow.organizationId };
  const usable = application === null ? [] : await usableConnections(parts.discovery, call.store, place);
  const buttons = usable.filter((row) => isProvider(row) && asConnection(row).options.showAsButton);
  return { page: identifierPage({ flow, application, problem }, buttons), flow };
}

/** Providers that are set up so far that people can be sent there. */
function isProvider({ strategy, options }: ConnectionRow): boolean {
  const protocol = protocolOf(strategy);
  if (protocol === 'OAUTH') return typeof options['client_id'] === 'string';
  return protocol === 'SAML' && typeof options['sign_in_endpoint'] === 'string';
}

const identify: Step = async (parts, visit) => {
  const identifier = (visit.form.get('identifier') ?? '').trim();
  if (identifier === '' || identifier.length > longestIdentifier)
    return firstPage(parts, visit, 'Type your e-mail address or your username.');
  return afterIdentifier(parts, { ...visit, flow: { ...visit.flow, identifier } });
};

async function afterIdentifier(parts: LoginPageParts, visit: Visit): Promise<Answer> {
  const { call, application, flow } = visit;
  const { identifier = '', organizationId } = flow;
  if (organizationId === null && application !== null && asksFirst(application))
    return askOrganization(parts, visit, application);
  const place = { application, organizationId };
  const { kind, connection } = await discoverConnection(parts.discovery, call.store, identifier, place);
  if (kind === 'CHOICE') return firstPage(parts, visit, 'Choose one of the ways below.');
  if (kind === 'FEDERATED') {
    if (application === null)
      return firstPage(parts, visit, `You sign in at ${nameOf(connection)}: begin in your application.`);
    return { page: leadingPage({ flow, application }, connection), flow: null };
  }
  const next = { ...flow, connection: connection.name };
  return { page: passwordPage({ flow: next, application }), flow: next };
}

/** A prompt after the sign-in offers what the person may enter; this one asks a stranger, in the ways that the application names. */
function asksFirst({ organizationUsage, organizationRequireBehavior }: ApplicationRow): boolean {
  return organizationUsage === 'REQUIRE' && organizationRequireBehavior === 'PRE_LOGIN_PROMPT';
}

async function askOrganization(
  parts: LoginPageParts,
  visit: Visit,
  application: ApplicationRow,
): Promise<Answer> {
  const { flow } = visit;
  const { organizationDiscoveryMethods: methods } = application;
  const found = methods.includes('EMAIL') ? await byAddress(parts, visit, application) : [];
  const [only, another] = found;
  if (only && another) return { page: discoveredPage({ flow, application }, found), flow };
  if (only) return inOrganization(parts, visit, only.id);
  if (methods.includes('ORGANIZATION_NAME'))
    return { page: organizationNamePage({ flow, application }), flow };
  return firstPage(parts, visit, 'No organization here is known by this address.');
}

function byAddress(
  { signInOrganizations }: LoginPageParts,
  { call, flow, browser }: Visit,
  { id }: ApplicationRow,
): Promise<readonly SignInOrganizationRow[]> {
  return signInOrganizations.discover(call, id, { email: flow.identifier ?? '' }, browser.ip);
}

function inOrganization(parts: LoginPageParts, visit: Visit, organizationId: string): Promise<Answer> {
  return afterIdentifier(parts, { ...visit, flow: { ...visit.flow, organizationId } });
}

/** By a button of those that were found, or by a name that was typed. */
const organization: Step = async (parts, visit) => {
  const { call, flow, application, form, browser } = visit;
  if (application === null || !asksFirst(application)) return firstPage(parts, visit);
  const picked = form.get('value');
  if (picked !== undefined) {
    const found = await byAddress(parts, visit, application);
    const chosen = found.find(({ id }) => id === picked);
    return chosen ? inOrganization(parts, visit, chosen.id) : askOrganization(parts, visit, application);
  }
  const name = (form.get('organization') ?? '').trim().toLowerCase();
  const [found] = await parts.signInOrganizations.discover(call, application.id, { name }, browser.ip);
  if (found) return inOrganization(parts, visit, found.id);
  const problem = 'There is no organization of this name.';
  return { page: organizationNamePage({ flow, application, problem }), flow };
};

/** The end of a sign-in whose organization was asked for; the empty value is none. */
const choose: Step = async (parts, visit) => {
  const { call, flow, browser, form } = visit;
  const organizationId = form.get('value') || null;
  return goOn(
    parts,
    visit,
    await parts.sessions.chooseOrganization(call, flow.token ?? '', organizationId, browser),
  );
};

const password: Step = async (parts, visit) => {
  const { call, flow, browser, form } = visit;
  const { identifier = '', connection = null, organizationId, clientId } = flow;
  const input = { identifier, password: form.get('password') ?? '', connection, organizationId, clientId };
  const cookieMode = form.get('keep') === '1' ? 'persistent' : 'non-persistent';
  return goOn(parts, visit, await parts.sessions.signIn(call, input, { ...browser, cookieMode }));
};

/** The same words whoever typed them, and whether anybody has the address or not. */
const forgot: Step = async (parts, { call, flow, browser }) => {
  const { identifier = '', connection = null } = flow;
  const isHere = connection === null || (await isDatabase(parts, call, connection));
  if (!isHere)
    return {
      page: endPage('Your password is kept elsewhere', 'Change it where your company keeps it.', 200, flow),
      flow: null,
    };
  if (!identifier.includes('@'))
    throw commonErrors.VALIDATION_FAILED({ message: 'Go back and type your e-mail address.' });
  await parts.accounts.requestPasswordReset(call, { email: identifier, connection }, browser.ip);
  const text = 'If the address has an account here, a message is on its way to it. Follow its link.';
  return { page: endPage('Look into your mail', text, 200, flow), flow: null };
};

async function isDatabase(
  { discovery }: LoginPageParts,
  { store }: Visit['call'],
  name: string,
): Promise<boolean> {
  const connection = await discovery.connections.byName(store, name);
  return connection !== null && strategyKind(connection.strategy) === 'DATABASE';
}

const passkey: Step = async ({ passkeySignIn }, { call, flow, application }) => {
  const { challenge, options } = await passkeySignIn.start(call);
  const next: LoginFlow = { ...flow, challenge };
  return { page: passkeyPage({ flow: next, application }, options ?? {}), flow: next };
};

const passkeyDone: Step = async (parts, visit) => {
  const { call, flow, browser, form } = visit;
  const { challenge = '', organizationId, clientId } = flow;
  const request = { challenge, response: parsed(form.get('response')), organizationId, clientId };
  const signing = { ...browser, cookieMode: 'persistent' as const };
  return goOn(parts, visit, await parts.passkeySignIn.finish(call, request, signing));
};

const factor: Step = (parts, visit) => askFactor(parts, visit, visit.flow, visit.form.get('value') ?? null);

const proof: Step = async (parts, visit) => {
  const { call, flow, browser, form } = visit;
  const request = { token: flow.token ?? '', proof: proofOf(flow, form), remember: form.has('remember') };
  const { signedIn, deviceCookie } = await parts.mfa.complete(call, request, browser);
  return goOn(parts, visit, signedIn, deviceCookie);
};

function proofOf({ factor: kind, challenge = '' }: LoginFlow, form: Visit['form']): ProofInput {
  const code = form.get('code') ?? '';
  switch (kind) {
    case 'webauthn':
      return { passkey: { challenge, response: parsed(form.get('response')) } };
    case 'email_otp':
      return { emailCode: { challenge, code } };
    case 'recovery':
      return { recoveryCode: code };
    default:
      return { otpCode: code };
  }
}

const enroll: Step = async (parts, visit) => {
  const { call, flow, browser, form } = visit;
  const answer = {
    ...{ type: 'TOTP' as const, authSession: flow.enrollment ?? '' },
    otpCode: form.get('code') ?? '',
  };
  return goOn(parts, visit, await parts.mfa.completeEnrollment(call, flow.token ?? '', answer, browser));
};

/** What a form can ask for, by the name that it sends. */
export const steps: Readonly<Record<string, Step>> = {
  identify,
  organization,
  password,
  forgot,
  passkey,
  'passkey-done': passkeyDone,
  ...{ factor, proof, enroll, choose },
  ...linkSteps,
  back: (parts, visit) => {
    const { identifier: _identifier, connection: _connection, ...flow } = visit.flow;
    return firstPage(parts, { ...visit, flow });
  },
};
