import type { ForeignFactor } from '#src/features/factors/methods/foreign-factors';
import type { Instant } from '#src/shared/clock';

/** A row of the native schema that passed its checks; in stored spelling, absent members undefined. */
export interface NativeRow {
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly phone_number?: string | undefined;
  readonly phone_verified?: boolean | undefined;
  /** Without the strategy in front. */
  readonly user_id?: string | undefined;
  readonly username?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  readonly name?: string | undefined;
  readonly nickname?: string | undefined;
  readonly picture?: string | undefined;
  readonly blocked?: boolean | undefined;
  readonly password_hash?: string | undefined;
  readonly custom_password_hash?: Readonly<Record<string, unknown>> | undefined;
  readonly app_metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly user_metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly mfa_factors?: readonly ForeignFactor[] | undefined;
  readonly identities?: readonly NativeIdentity[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly organizations?: readonly NativeOrganization[] | undefined;
  readonly created_at?: Instant | undefined;
  readonly updated_at?: Instant | undefined;
  readonly last_login?: Instant | undefined;
  readonly last_ip?: string | undefined;
  readonly logins_count?: number | undefined;
  readonly last_password_reset?: Instant | undefined;
  readonly password_reset_required?: boolean | undefined;
}

export interface NativeIdentity {
  readonly provider: string;
  readonly connection?: string | undefined;
  readonly user_id: string;
  readonly isSocial?: boolean | undefined;
  readonly profileData?: Readonly<Record<string, unknown>> | undefined;
}

export interface NativeOrganization {
  readonly name: string;
  readonly roles?: readonly string[] | undefined;
}
