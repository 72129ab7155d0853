/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** How strongly the user proved who they are (NIST SP 800-63B). */
export type Assurance =
  /** By one factor. */
  | 'AAL1'
  /** By two factors. */
  | 'AAL2';

/** An enrolment and its code. */
export type CodeVerificationInput = {
  /** `authSession` of the started enrolment. */
  authSession: string;
  /** Six digits. */
  otpCode: string;
};

/** The second factor of a sign-in under way. */
export type CompleteMfaInput = {
  /** `mfaToken` of the `MfaChallenge`. */
  mfaToken: string;
  /** The proof. */
  proof: MfaProofInput;
  /** Whether this browser is not asked again for 30 days, or until the user’s credentials change. */
  rememberDevice?: boolean | null | undefined;
};

/** A code that was sent by e-mail. */
export type EmailCodeInput = {
  /** `challenge` of the started proof. */
  challenge: string;
  /** Six digits. */
  code: string;
};

/** What a user can prove an identity with. */
export type FactorType =
  /** Codes sent to the verified e-mail address. */
  | 'EMAIL'
  /** A passkey or security key (WebAuthn). */
  | 'PASSKEY'
  /** A password. */
  | 'PASSWORD'
  /** Ten codes on paper, each good once, that stand in for another factor. */
  | 'RECOVERY_CODE'
  /** Codes of an authenticator app (RFC 6238). */
  | 'TOTP';

/** A second factor: exactly one. */
export type MfaProofInput =
  {   /** A code sent by e-mail. */
  emailCode: EmailCodeInput; otpCode?: never; passkey?: never; recoveryCode?: never; }
  |  { emailCode?: never;   /** The code that an authenticator app shows. */
  otpCode: string; passkey?: never; recoveryCode?: never; }
  |  { emailCode?: never; otpCode?: never;   /** A passkey or security key. */
  passkey: PasskeyProofInput; recoveryCode?: never; }
  |  { emailCode?: never; otpCode?: never; passkey?: never;   /** A recovery code; case, spaces and the dash do not matter. */
  recoveryCode: string; };

/** How the user calls the new method. */
export type NamedEnrollmentInput = {
  /** At most 100 characters. */
  name?: string | null | undefined;
};

/** The use of a passkey. */
export type PasskeyProofInput = {
  /** `challenge` of the started proof. */
  challenge: string;
  /** The credential that `navigator.credentials.get` answered, as its `toJSON()` says it. */
  response: unknown;
};

/** An enrolment and what the browser answered. */
export type PasskeyVerificationInput = {
  /** `authSession` of the started enrolment. */
  authSession: string;
  /** The credential that `navigator.credentials.create` answered, as its `toJSON()` says it. Ids have at most 1,364, the attestation 2,000 and the client data 1,000 characters. */
  response: unknown;
};

/** An enrolment that needs no code. */
export type SeenVerificationInput = {
  /** `authSession` of the started enrolment. */
  authSession: string;
};

/** Who signs in, and the proof. */
export type SignInInput = {
  /** The application through which the user signs in; the session remembers it. */
  clientId?: string | number | null | undefined;
  /** Name of the connection; `main` when absent. */
  connection?: string | null | undefined;
  /** E-mail address, username or phone number. */
  identifier: string;
  /** Whether the browser keeps the session when it is closed. When false, shorter limits hold too. */
  keepSignedIn?: boolean | null | undefined;
  /** The organization to sign in to; everything below is then done inside it. */
  organizationId?: string | number | null | undefined;
  /** The password. */
  password: string;
};

/** The kind of method to enrol: exactly one. */
export type StartEnrollmentInput =
  {   /** Codes sent to the verified e-mail address. */
  email: NamedEnrollmentInput; passkey?: never; recoveryCodes?: never; totp?: never; }
  |  { email?: never;   /** A passkey or security key. */
  passkey: NamedEnrollmentInput; recoveryCodes?: never; totp?: never; }
  |  { email?: never; passkey?: never;   /** A new set of recovery codes; once verified it voids the former one. */
  recoveryCodes: NamedEnrollmentInput; totp?: never; }
  |  { email?: never; passkey?: never; recoveryCodes?: never;   /** An authenticator app. */
  totp: NamedEnrollmentInput; };

/** A renewed proof of identity. */
export type StepUpInput = {
  /** The proof. */
  proof: StepUpProofInput;
};

/** A renewed proof of identity: exactly one. */
export type StepUpProofInput =
  {   /** A code sent by e-mail. */
  emailCode: EmailCodeInput; otpCode?: never; passkey?: never; password?: never; recoveryCode?: never; }
  |  { emailCode?: never;   /** The code that an authenticator app shows. */
  otpCode: string; passkey?: never; password?: never; recoveryCode?: never; }
  |  { emailCode?: never; otpCode?: never;   /** A passkey or security key. */
  passkey: PasskeyProofInput; password?: never; recoveryCode?: never; }
  |  { emailCode?: never; otpCode?: never; passkey?: never;   /** The password, of a user who has neither an authenticator app nor a passkey. */
  password: string; recoveryCode?: never; }
  |  { emailCode?: never; otpCode?: never; passkey?: never; password?: never;   /** A recovery code; case, spaces and the dash do not matter. */
  recoveryCode: string; };

/** A field that is absent stays as it is; null unsets it. */
export type UpdateMyProfileInput = {
  /** Refused with FORBIDDEN_ARGUMENT. */
  appMetadata?: unknown;
  /** Refused with FORBIDDEN_ARGUMENT. */
  blocked?: boolean | null | undefined;
  /** Refused with FORBIDDEN_ARGUMENT. */
  emailVerified?: boolean | null | undefined;
  /** 1 to 150 characters. */
  familyName?: string | null | undefined;
  /** 1 to 150 characters. */
  givenName?: string | null | undefined;
  /** 1 to 150 characters. */
  name?: string | null | undefined;
  /** 1 to 350 characters. */
  nickname?: string | null | undefined;
  /** Refused with FORBIDDEN_ARGUMENT. */
  phoneVerified?: boolean | null | undefined;
  /** An https URL of at most 2,048 characters. */
  picture?: string | null | undefined;
  /** Refused with FORBIDDEN_ARGUMENT. */
  roles?: Array<string | number> | null | undefined;
  /** Refused with FORBIDDEN_ARGUMENT: the caller says who it is. */
  userId?: string | number | null | undefined;
  /** A JSON Merge Patch (RFC 7396) of user_metadata: objects are merged, null removes. */
  userMetadata?: unknown;
};

/** The proof of an enrolment: exactly one. */
export type VerifyEnrollmentInput =
  {   /** The code in the mail. */
  email: CodeVerificationInput; passkey?: never; recoveryCodes?: never; totp?: never; }
  |  { email?: never;   /** The new credential. */
  passkey: PasskeyVerificationInput; recoveryCodes?: never; totp?: never; }
  |  { email?: never; passkey?: never;   /** The codes were written down. */
  recoveryCodes: SeenVerificationInput; totp?: never; }
  |  { email?: never; passkey?: never; recoveryCodes?: never;   /** The code that the app shows. */
  totp: CodeVerificationInput; };

export type MyAccountQueryVariables = Exact<{ [key: string]: never; }>;


export type MyAccountQuery = { myAccount: { user: { id: string, email: string | null, name: string | null } | null, authenticationMethods: Array<
      | { id: string, type: FactorType, name: string | null, confirmed: boolean }
      | { id: string, type: FactorType, name: string | null, confirmed: boolean }
      | { id: string, type: FactorType, name: string | null, confirmed: boolean }
      | { id: string, type: FactorType, name: string | null, confirmed: boolean }
      | { id: string, type: FactorType, name: string | null, confirmed: boolean }
    > | null, sessions: { nodes: Array<{ id: string, current: boolean, createdAt: string | null }> } | null } | null };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { result:
      | { __typename: 'EmailVerificationRequired' }
      | { __typename: 'LoggedIn', user: { id: string, name: string | null } | null }
      | { __typename: 'MfaChallenge', mfaToken: string, factors: Array<FactorType>, expiresAt: string }
      | { __typename: 'PasswordChangeRequired' }
     } };

export type CompleteMfaMutationVariables = Exact<{
  input: CompleteMfaInput;
}>;


export type CompleteMfaMutation = { completeMfa: { user: { id: string, name: string | null } | null } };

export type StepUpMutationVariables = Exact<{
  input: StepUpInput;
}>;


export type StepUpMutation = { stepUp: { session: { id: string, assurance: Assurance | null } | null } };

export type StartEnrollmentMutationVariables = Exact<{
  input: StartEnrollmentInput;
}>;


export type StartEnrollmentMutation = { startEnrollment: { enrollment:
      | { __typename: 'EmailEnrollment' }
      | { __typename: 'PasskeyEnrollment', authSession: string, options: unknown }
      | { __typename: 'RecoveryCodeEnrollment' }
      | { __typename: 'TotpEnrollment', authSession: string, qrCode: string, manualInputCode: string }
     } };

export type VerifyEnrollmentMutationVariables = Exact<{
  input: VerifyEnrollmentInput;
}>;


export type VerifyEnrollmentMutation = { verifyEnrollment: { result:
      | { __typename: 'EnrollmentExpired' }
      | { __typename: 'EnrollmentVerified', method:
          | { id: string, type: FactorType }
          | { id: string, type: FactorType }
          | { id: string, type: FactorType }
          | { id: string, type: FactorType }
          | { id: string, type: FactorType }
         }
      | { __typename: 'WrongCode', attemptsLeft: number }
     } };

export type UpdateMyProfileMutationVariables = Exact<{
  input: UpdateMyProfileInput;
}>;


export type UpdateMyProfileMutation = { updateMyProfile: { user: { id: string, name: string | null } | null } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { session: { id: string } | null } };


export const MyAccountDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MyAccount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"myAccount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"authenticationMethods"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"confirmed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"current"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<MyAccountQuery, MyAccountQueryVariables>;
export const SignInDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SignInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"LoggedIn"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaChallenge"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mfaToken"}},{"kind":"Field","name":{"kind":"Name","value":"factors"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;
export const CompleteMfaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CompleteMfa"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CompleteMfaInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"completeMfa"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<CompleteMfaMutation, CompleteMfaMutationVariables>;
export const StepUpDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StepUp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"StepUpInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stepUp"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"assurance"}}]}}]}}]}}]} as unknown as DocumentNode<StepUpMutation, StepUpMutationVariables>;
export const StartEnrollmentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartEnrollment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"StartEnrollmentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startEnrollment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enrollment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TotpEnrollment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authSession"}},{"kind":"Field","name":{"kind":"Name","value":"qrCode"}},{"kind":"Field","name":{"kind":"Name","value":"manualInputCode"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PasskeyEnrollment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authSession"}},{"kind":"Field","name":{"kind":"Name","value":"options"}}]}}]}}]}}]}}]} as unknown as DocumentNode<StartEnrollmentMutation, StartEnrollmentMutationVariables>;
export const VerifyEnrollmentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"VerifyEnrollment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyEnrollmentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyEnrollment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EnrollmentVerified"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WrongCode"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attemptsLeft"}}]}}]}}]}}]}}]} as unknown as DocumentNode<VerifyEnrollmentMutation, VerifyEnrollmentMutationVariables>;
export const UpdateMyProfileDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateMyProfile"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateMyProfileInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateMyProfile"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateMyProfileMutation, UpdateMyProfileMutationVariables>;
export const SignOutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<SignOutMutation, SignOutMutationVariables>;