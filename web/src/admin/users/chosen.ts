const KEPT = "switchroom-chosen-users";

/** Users chosen for a page that handles several; kept while the tab is open. */
export function keepChosen(ids: string[]): void {
  sessionStorage.setItem(KEPT, JSON.stringify(ids));
}

export function chosenUsers(): string[] {
  return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as string[];
}
