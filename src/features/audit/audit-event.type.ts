import { Field, ID, ObjectType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { Principal } from '#src/access/principal';
import type { AuditEventRow } from './audit-event.repository';
import type { AuditRecord } from './audit.service';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import { wordEnum } from '#src/access/word-enum';
import type { Instant } from '#src/shared/clock';

const ActorKind = wordEnum<Principal['kind']>('AuditActorKind', 'What kind of caller did something.', {
  anonymous: 'Somebody who had not signed in.',
  user: 'A user.',
  machine: 'An application by its own credentials, the command line, or the gateway itself.',
});

const AuditResult = wordEnum<NonNullable<AuditRecord['result']>>('AuditResult', 'What came of an action.', {
  ok: 'It was done.',
  denied: 'It was refused, and nothing was changed; `details` may say why.',
});

const readAudit = () => Auth({ permissions: [['read:audit_events']] });

@ObjectType('AuditEvent', {
  description: 'Who did what to which object. It names what was changed, never the values.',
})
export class AuditEventType implements AuditEventRow {
  @WithParent()
  @Field(() => ID, { description: 'Id of the record.' })
  id!: string;

  @readAudit()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it happened.' })
  occurredAt!: Instant;

  @readAudit()
  @Field(() => ActorKind, { nullable: true, description: 'What kind of caller did it.' })
  actorKind!: string;

  @readAudit()
  @Field(() => String, { nullable: true, description: 'User id or name of the machine caller.' })
  actorId!: string;

  @readAudit()
  @Field(() => ID, { nullable: true, description: 'The organization that the caller was bound to.' })
  actorOrganizationId!: string | null;

  @readAudit()
  @Field(() => ID, { nullable: true, description: 'The session that was used.' })
  sessionId!: string | null;

  @readAudit()
  @Field(() => String, { nullable: true, description: 'Concept and verb: `user.update`.' })
  action!: string;

  @readAudit()
  @Field(() => String, { nullable: true, description: 'Type of the object acted on: `User`.' })
  targetType!: string;

  @readAudit()
  @Field(() => ID, { nullable: true, description: 'Id of the object acted on.' })
  targetId!: string | null;

  @readAudit()
  @Field(() => [String], { nullable: true, description: 'Attribute paths that were written; at most 100.' })
  changedPaths!: readonly string[];

  @readAudit()
  @Field(() => AuditResult, { nullable: true, description: 'What came of it.' })
  result!: string;

  @readAudit()
  @Field(() => ID, { nullable: true, description: 'Id of the request, as in the logs.' })
  requestId!: string;

  @readAudit()
  @Field(() => JsonScalar, { nullable: true, description: 'Ids, names and counts that explain the event.' })
  details!: Record<string, unknown> | null;
}

export const AuditEventConnectionType = connectionType(AuditEventType, 'AuditEvent');
