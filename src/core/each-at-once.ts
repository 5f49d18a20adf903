/** Does `work` for each item in their order, for so many of them at once. An error rejects at once; the others go on. */
export async function eachAtOnce<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // One iterator for all: who is free takes what comes next.
  const waiting = items[Symbol.iterator]()
  const takeOn = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, takeOn))
}
