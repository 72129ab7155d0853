import { usageOf, type FactorTypeName, type FactorUsageName } from '#src/features/factors/factor-kind';
import type {
  MethodRow,
  PasswordFacts,
} from '#src/features/factors/methods/authentication-method.repository';
import { tagRow } from '#src/graphql/node';
import type { Instant } from '#src/shared/clock';

/** A method as the API shows it. */
export interface MethodView {
  readonly id: string;
  readonly userId: string;
  readonly type: FactorTypeName;
  readonly usage: readonly FactorUsageName[];
  readonly name: string | null;
  readonly confirmed: boolean;
  readonly createdAt: Instant;
  readonly confirmedAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}

const typeNames: Readonly<Record<FactorTypeName, string>> = {
  TOTP: 'TotpMethod',
  PASSKEY: 'PasskeyMethod',
  EMAIL: 'EmailMethod',
  RECOVERY_CODE: 'RecoveryCodeMethod',
  PASSWORD: 'PasswordMethod',
};

export function methodView(row: MethodRow): MethodView {
  const type = row.type as FactorTypeName;
  const { id, userId, name, isConfirmed, createdAt, confirmedAt, lastUsedAt } = row;
  const view = {
    ...{ id, userId, type, name, createdAt, confirmedAt, lastUsedAt },
    usage: usageOf(type),
    confirmed: isConfirmed,
    ...(type === 'PASSKEY'
      ? {
          keyId: row.credentialId,
          publicKey: row.publicKey,
          credentialDeviceType: row.deviceType,
          credentialBackedUp: row.isBackedUp,
          transports: row.transports,
          userAgent: row.userAgent,
        }
      : {}),
    ...(type === 'RECOVERY_CODE' ? { remainingCodes: row.remainingCodes } : {}),
  };
  return tagRow(view, typeNames[type]);
}

/** The password has no row among the methods: its id is made of the user's. */
export function passwordView({ userId, updatedAt, lastPasswordReset }: PasswordFacts): MethodView {
  const view = {
    id: `password|${userId}`,
    userId,
    type: 'PASSWORD' as const,
    usage: usageOf('PASSWORD'),
    name: null,
    confirmed: true,
    createdAt: updatedAt,
    confirmedAt: updatedAt,
    lastUsedAt: null,
    lastPasswordReset,
  };
  return tagRow(view, typeNames.PASSWORD);
}
