/** The items of all pages of a list operation, in order. */
export async function everyPage<Item>(read: (nextToken?: string) => Promise<[Item[] | undefined, string | undefined]>): Promise<Item[]> {
  const found: Item[] = [];
  let next: string | undefined;
  do {
    const [items, token] = await read(next);
    found.push(...(items ?? []));
    next = token;
  } while (next);
  return found;
}
