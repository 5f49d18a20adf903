/** Does `count` things, so many at a time. */
export async function inFlight(
  { count, atOnce }: { count: number; atOnce: number },
  work: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
