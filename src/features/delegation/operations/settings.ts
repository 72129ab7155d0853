import type { Call } from '#src/access/call';
import { governingHooks } from '#src/features/delegation/delegated-filter';
import type { Definitions } from '#src/features/delegation/hooks/hook-definition';

/** What the settings of all governing hooks say together: the narrowest. */
export type Settings = Definitions['SETTINGS'];

const nothingSet: Settings = {
  connections: null,
  canCreateUser: true,
  suppressRawData: false,
  userFields: [],
  dict: null,
  css: null,
  languageDictionary: null,
};

export function settingsOf(call: Call): Settings {
  return governingHooks(call).reduce<Settings>((outer, { SETTINGS }) => {
    const own = SETTINGS?.definition ?? null;
    if (own === null) return outer;
    const { connections } = own;
    return {
      ...own,
      connections:
        outer.connections === null
          ? connections
          : connections === null
            ? outer.connections
            : connections.filter((name) => outer.connections?.includes(name)),
      canCreateUser: outer.canCreateUser && own.canCreateUser,
      suppressRawData: outer.suppressRawData || own.suppressRawData,
      userFields: own.userFields.length > 0 ? own.userFields : outer.userFields,
    };
  }, nothingSet);
}
