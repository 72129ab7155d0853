/** Why a message of a SAML provider was not taken. For the audit trail and the log: no value of the message is in it. */
export type SamlFaultReason =
  | 'too-large'
  | 'markup-refused'
  | 'malformed'
  | 'structure'
  | 'algorithm'
  | 'signature'
  | 'status'
  | 'issuer'
  | 'destination'
  | 'in-response-to'
  | 'subject'
  | 'audience'
  | 'time'
  | 'statement'
  | 'replayed'
  | 'cancelled'
  | 'would-ask';

export class SamlFault extends Error {
  constructor(
    readonly reason: SamlFaultReason,
    options?: { readonly cause?: unknown },
  ) {
    super(`A SAML message was refused: ${reason}.`, options);
    this.name = 'SamlFault';
  }
}
