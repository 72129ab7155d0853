import type { CompiledQuery } from 'graphql-jit';
import type { DocumentNode } from 'graphql';
import type { Decision } from '#src/access/decide';
import { withoutGates } from '#src/access/guard-schema';
import type { BuiltSchema } from '#src/graphql/build-schema';
import { compileOperation } from '#src/graphql/compile-operation';
import type { OperationPlan } from '#src/graphql/operation-plan';

/** `open`: no field has a gate. `guarded`: every field has. Any other: those with a `1`, in the order of the plan. */
export type Form = 'open' | 'guarded' | (string & {});

/** The gates that an operation takes for a caller: those of fields that are not open to it whatever the object. */
export function formFor(decisions: readonly Decision[]): Form {
  let form = '';
  let isOpen = true;
  for (const decision of decisions) {
    const needsGate = decision !== 'ALLOW';
    if (needsGate) isOpen = false;
    form += needsGate ? '1' : '0';
  }
  return isOpen ? 'open' : form;
}

/** Callers differ in what they may read, so one document has few; whoever comes later runs behind every gate, which is as right. */
const mostForms = 8;

/** The compiled forms of one operation. Each is compiled at its second use, so that what is asked once costs no compilation. */
export class CompiledForms {
  private readonly forms = new Map<Form, { uses: number; query?: CompiledQuery | null }>();

  constructor(
    private readonly built: BuiltSchema,
    private readonly document: DocumentNode,
    private readonly plan: OperationPlan,
  ) {}

  /** Null: not compiled (yet); run it with graphql-js behind every gate, or behind none where the form is `open`. */
  use(wanted: Form): CompiledQuery | null {
    const hasRoom = wanted === 'open' || this.forms.has(wanted) || this.forms.size < mostForms;
    const form = hasRoom ? wanted : 'guarded';
    let known = this.forms.get(form);
    if (!known) this.forms.set(form, (known = { uses: 0 }));
    known.uses += 1;
    if (known.uses < 2) return null;
    if (known.query === undefined) known.query = this.compile(form);
    return known.query;
  }

  private compile(form: Form): CompiledQuery | null {
    const { built, document, plan } = this;
    const compile = (schema: BuiltSchema['open']): CompiledQuery | null =>
      compileOperation(schema, document, plan.operation);
    if (form === 'open') return compile(built.open);
    const free = plan.guarded.filter((_field, index) => form[index] === '0');
    return withoutGates(built, form === 'guarded' ? [] : free, () => compile(built.guarded));
  }
}
