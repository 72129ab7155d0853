import { commonErrors, type GatehouseError } from '#src/shared/errors';
import { invalidQuery, searchErrors, type Place } from './search.errors';

/** How a refused condition is answered: a query string says where in the text, a typed filter names the input field. */
export interface Refusals {
  invalid(at: Place, problem: string, hint: string): GatehouseError;
  unknownField(at: Place, suggestions: readonly string[]): GatehouseError;
  /** The field is never searchable, on the blacklist, or closed to this caller: nobody can tell which. */
  notSearchable(at: Place): GatehouseError;
}

export const queryRefusals: Refusals = {
  invalid: invalidQuery,
  unknownField: (at, suggestions) =>
    searchErrors.UNKNOWN_FIELD({
      message:
        suggestions.length === 0
          ? 'There is no search field of this name.'
          : `There is no search field of this name. Did you mean ${suggestions.join(' or ')}?`,
      extensions: { field: at.token, position: at.position, suggestions },
    }),
  // SECURITY: oracle by message; the same words whether the field is closed to one caller or to all.
  notSearchable: (at) =>
    searchErrors.FIELD_NOT_SEARCHABLE({ extensions: { field: at.token, position: at.position } }),
};

/** In a tree made from a filter the token of a place is the input path, for example `filter.email.contains`. */
export const filterRefusals: Refusals = {
  invalid: (at, problem, hint) =>
    commonErrors.VALIDATION_FAILED({
      message: `${at.token}: ${problem}. ${hint}`,
      extensions: { field: at.token, hint },
    }),
  unknownField: (at) =>
    commonErrors.VALIDATION_FAILED({
      message: `${at.token}: there is no attribute of this name.`,
      extensions: { field: at.token },
    }),
  notSearchable: (at) => commonErrors.FORBIDDEN_ARGUMENT({ extensions: { field: at.token } }),
};
