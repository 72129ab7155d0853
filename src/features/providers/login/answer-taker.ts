import type { Call } from '#src/access/call';
import type { ProviderAnswer } from './finish-login';
import type { FinishedLogin } from './sign-in-identified';

/** Takes a provider's answer that belongs to no sign-in, and says where the browser goes; null: it is none of its own. */
export type AnswerTaker = (
  call: Call,
  answer: ProviderAnswer,
  ip: string,
) => Promise<(FinishedLogin & { readonly headers: Readonly<Record<string, string>> }) | null>;
