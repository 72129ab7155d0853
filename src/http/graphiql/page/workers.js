/**
 * Starts the editor's workers from files of our own origin. The build replaces the constant with the names of the
 * bundled files; they lie beside this module, whatever path the gateway is mounted on.
 */
globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const file = WORKER_FILES[label] ?? WORKER_FILES.editor;
    return new Worker(new URL(file, import.meta.url), { name: label });
  },
};
