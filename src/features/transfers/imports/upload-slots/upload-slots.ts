import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import type { TransfersConfig } from '#src/config/transfers';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { AuditService } from '#src/features/audit/audit.service';
import { findMachinePermissions } from '#src/features/applications/grants/application-grant.service';
import { isApplicationId } from '#src/features/sessions/tokens/exchange-client-credentials';
import { callWithRights, rightsOf } from '#src/features/transfers/imports/caller-rights';
import type { ImportRequest, ImportService } from '#src/features/transfers/imports/import.service';
import { isLinkGood, signLink, type GivenLink, type SignedLink } from '#src/features/transfers/signed-link';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import {
  countOpenSlots,
  giveSlotBack,
  insertSlot,
  isUserGood,
  takeSlot,
  type UploadSlotRow,
} from './upload-slot.repository';

/** What is asked for before there is a file. */
export type SlotRequest = Pick<
  ImportRequest,
  'connection' | 'options' | 'externalId' | 'idempotencyKey' | 'queue' | 'firebase'
>;

export interface NewSlot extends SignedLink {
  readonly id: string;
  readonly maxBytes: number;
}

export interface TakenSlot {
  readonly id: string;
  readonly maxBytes: number;
  /** In the name of whoever asked for the slot, with the rights that they still have. */
  readonly call: Call;
  readonly request: SlotRequest;
}

export interface UploadSlotParts {
  readonly audit: AuditService;
  readonly imports: Pick<ImportService, 'check'>;
  readonly config: TransfersConfig;
  readonly linkKey: () => Buffer;
  readonly ring: () => readonly DerivedKey[];
}

const pathOf = (id: string): string => `/imports/uploads/${id}`;
const placeOf = (id: string): string => `upload-slot/${id}`;

/** Addresses to which a file can be sent without a token: the caller asks with theirs, and whoever has the file sends it. */
export class UploadSlots {
  constructor(private readonly parts: UploadSlotParts) {}

  async create(call: Call, request: SlotRequest, asked: number | null): Promise<NewSlot> {
    const { audit, imports, config, linkKey, ring } = this.parts;
    const limit = config.maxFileBytes;
    const maxBytes = asked ?? limit;
    if (maxBytes < 1 || maxBytes > limit)
      throw commonErrors.VALIDATION_FAILED({
        message: `maxBytes must be from 1 to ${limit}.`,
        extensions: { field: 'maxBytes', limit },
      });
    const { connection, asked: options } = await imports.check(call, request);
    const id = call.ids.next('upl');
    const now = call.clock.now();
    const expiresAt = now + config.uploadSlotSeconds * 1_000;
    const { subject: createdBy, kind: createdByKind } = call.principal;
    await call.store.transaction(async (store) => {
      // One caller after the other, so that the limit holds.
      await store.execute(store.dialect.advisoryLock('transfers:slots'));
      const maker = { createdBy, createdByKind };
      if ((await countOpenSlots(store, maker, now)) >= config.maxQueued)
        throw transferErrors.TOO_MANY_TRANSFERS({ extensions: { limit: config.maxQueued } });
      await insertSlot(store, {
        ...{ id, ...maker, maxBytes, createdAt: now, expiresAt, usedAt: null },
        caller: rightsOf(call),
        request: sealText(ring(), placeOf(id), JSON.stringify(request)),
      });
      await audit.record(store, call, {
        action: 'upload_slot.create',
        targetType: 'UploadSlot',
        targetId: id,
        details: {
          connection: connection.name,
          ...{ upsert: options.upsert, dryRun: options.dryRun, maxBytes },
        },
      });
    });
    return { id, maxBytes, ...signLink(linkKey(), pathOf(id), expiresAt) };
  }

  /**
   * Uses a slot up; UPLOAD_SLOT_INVALID whatever is wrong with it. SECURITY: the address proves that somebody gave it away, and nothing
   * more: what may be imported is what its maker may, then and now.
   */
  async take(
    call: Omit<Call, 'principal'>,
    id: string,
    link: Pick<GivenLink, 'expires' | 'signature'>,
  ): Promise<TakenSlot> {
    const now = call.clock.now();
    if (!isLinkGood(this.parts.linkKey(), { ...link, path: pathOf(id) }, now))
      throw transferErrors.UPLOAD_SLOT_INVALID();
    const row = await call.store.transaction((store) => takeSlot(store, id, now));
    if (row === null) throw transferErrors.UPLOAD_SLOT_INVALID();
    if (!(await isMakerGood(call.store, row))) throw transferErrors.UPLOAD_SLOT_INVALID();
    const text = openText(this.parts.ring(), placeOf(id), row.request);
    return {
      id,
      maxBytes: row.maxBytes,
      call: await callWithRights({ ...call, principal: makerOf(row) }, row.caller),
      request: JSON.parse(text) as SlotRequest,
    };
  }

  /** The file did not arrive whole: the slot stays good. */
  giveBack({ call, id }: TakenSlot): Promise<void> {
    return call.store.transaction((store) => giveSlotBack(store, id));
  }
}

/** Whether who asked for a slot is still there: a user who is not blocked, a registered application that is not disabled. */
async function isMakerGood(store: Store, { createdBy, createdByKind }: UploadSlotRow): Promise<boolean> {
  if (createdByKind === 'user') return isUserGood(store, createdBy);
  return !isApplicationId(createdBy) || (await findMachinePermissions(store, createdBy)) !== null;
}

function makerOf({ createdBy, createdByKind: kind }: UploadSlotRow): Call['principal'] {
  return principal({
    ...{ kind, subject: createdBy, userId: kind === 'user' ? createdBy : null },
    ...{
      sessionId: null,
      organizationId: null,
      permissions: [],
      roles: [],
      acr: null,
      authenticatedAt: null,
    },
  });
}
