/** As many at once as a server has, at each moment: when one is done, the next begins. */
const AT_ONCE = 25

/** Does it to each, as a server does for its callers: some are under way while others wait for a thread. */
export async function inFlight<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<number> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) await act(items[at] as Item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return items.length
}
