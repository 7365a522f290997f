const NAME = "switchroom-workspace";

/** Lets other pages of this browser know that a workspace is open, for as long as the page lives. */
export function holdWorkspaceLock(): void {
  void navigator.locks?.request(NAME, { mode: "shared" }, () => new Promise(() => {}));
}

/** Whether a workspace is open in this browser; false where it cannot be told. */
export async function workspaceIsOpen(): Promise<boolean> {
  const state = await navigator.locks?.query();
  return Boolean(state?.held?.some((lock) => lock.name === NAME));
}
