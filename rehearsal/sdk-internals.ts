/** The part of the SDK's per-run state that a rehearsal sets. */
export interface RuntimeStore {
  settings: { engine?: unknown };
  supportsSecrets: boolean;
  supportsResourceReferences: boolean;
  supportsOutputValues: boolean;
  supportsDeletedWith: boolean;
  supportsReplaceWith: boolean;
  supportsAliasSpecs: boolean;
  supportsParameterization: boolean;
}

interface RuntimeState {
  /** Runs a function with SDK state of its own, as the Automation API does for inline programs. */
  withLocalStorage: <T>(work: () => Promise<T>) => Promise<T>;
  getStore: () => RuntimeStore;
}

// Exported by the SDK's JavaScript (3.248.0, which package.json pins) but left out of its declarations.
// eslint-disable-next-line @typescript-eslint/no-require-imports
export const { withLocalStorage, getStore } = require("@pulumi/pulumi/runtime/state") as RuntimeState;
