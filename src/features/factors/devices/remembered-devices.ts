import type { Call } from '#src/access/call';
import type { FactorsConfig } from '#src/config/factors';
import {
  deleteOldDevices,
  findDevice,
  insertDevice,
  readEpoch,
} from '#src/features/factors/devices/remembered-device.repository';
import { setCookieHeader } from '#src/http/cookies';
import type { Store } from '#src/storage/store';
import { hashSecret } from '#src/shared/secret-hash';

/** Name of the cookie, without the prefix that it has on https. */
export const deviceCookieName = 'gid_mfa';

const secretBytes = 32;

export interface DeviceSettings {
  readonly config: Pick<FactorsConfig, 'rememberDeviceSeconds'>;
  readonly isSecureIssuer: boolean;
}

/**
 * Whether this browser is remembered for this user. SECURITY: every security event raises the user's epoch, and a device that was
 * remembered under a former one is none any more: a thief's browser does not stay trusted after the password was changed.
 */
export async function isRemembered(
  store: Store,
  call: Call,
  {
    userId,
    epoch,
    secret,
  }: { readonly userId: string; readonly epoch: number; readonly secret: string | undefined },
): Promise<boolean> {
  if (secret === undefined || !/^[\w-]{43}$/.test(secret)) return false;
  const device = await findDevice(store, hashSecret(secret));
  return (
    device !== null &&
    device.userId === userId &&
    device.credentialEpoch === epoch &&
    device.expiresAt > call.clock.now()
  );
}

/** Remembers the browser of a user who has just given a second factor; answers its `Set-Cookie` header, or null where that is off. */
export async function rememberDevice(
  { config, isSecureIssuer }: DeviceSettings,
  call: Call,
  {
    userId,
    userAgent,
    isKept,
  }: { readonly userId: string; readonly userAgent: string | null; readonly isKept: boolean },
): Promise<string | null> {
  const maxAgeSeconds = config.rememberDeviceSeconds;
  if (maxAgeSeconds === 0) return null;
  const secret = call.ids.secret(secretBytes);
  const now = call.clock.now();
  await call.store.transaction(async (store) => {
    const epoch = await readEpoch(store, userId);
    await deleteOldDevices(store, { userId, epoch, now });
    await insertDevice(store, {
      id: call.ids.next('dev'),
      userId,
      secretHash: hashSecret(secret),
      credentialEpoch: epoch,
      userAgent: userAgent?.slice(0, 512) ?? null,
      createdAt: now,
      expiresAt: now + maxAgeSeconds * 1_000,
    });
  });
  return setCookieHeader(deviceCookieName, secret, {
    isSecure: isSecureIssuer,
    ...(isKept ? { maxAgeSeconds } : {}),
  });
}
