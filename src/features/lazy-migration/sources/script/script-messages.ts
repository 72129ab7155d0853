/** What a gateway and the process of a script tell each other: objects of JSON, and inside the process their text alone. */
export interface ScriptStart {
  readonly kind: 'start';
  readonly script: string;
  readonly configuration: Readonly<Record<string, string>>;
}

/** Functions that a script may have. */
export type ScriptFunction =
  'login' | 'get_user' | 'create' | 'verify' | 'change_password' | 'remove' | 'change_email' | 'migrated';

export interface ScriptQuestion {
  readonly kind: 'ask';
  readonly id: number;
  readonly action: ScriptFunction;
  /** What stands before the callback. */
  readonly args: readonly unknown[];
}

/** The answer to a call that the script made. `status` null: there was none. */
export interface CallAnswer {
  readonly kind: 'called';
  readonly id: number;
  readonly status: number | null;
  readonly body: string;
}

export type ToScript = ScriptStart | ScriptQuestion | CallAnswer;

export interface ScriptAnswer {
  readonly kind: 'answer';
  readonly id: number;
  readonly outcome: 'profile' | 'mismatch' | 'unknown' | 'fault' | 'done' | 'refused' | 'taken';
  readonly profile?: unknown;
}

export interface ScriptCall {
  readonly kind: 'call';
  readonly id: number;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The script was read and can be asked. */
export interface ScriptReady {
  readonly kind: 'ready';
}

export type FromScript = ScriptReady | ScriptAnswer | ScriptCall;
