/**
 * One question for all who ask it at the same time. Each gets an answer to a question put after they asked: whoever
 * comes while one is under way shares the next one. So nothing is ever out of date, and under load one statement
 * serves many requests.
 */
export function askTogether<V>(ask: (key: string) => Promise<V>): (key: string) => Promise<V> {
  const asked = new Map<string, { now: Promise<unknown>; next?: Promise<V> }>()

  function put(key: string): Promise<V> {
    const now = ask(key)
    const mine: { now: Promise<unknown>; next?: Promise<V> } = { now }
    asked.set(key, mine)
    const end = () => {
      if (!mine.next) asked.delete(key)
    }
    mine.now = now.then(end, end)
    return now
  }

  return (key) => {
    const underWay = asked.get(key)
    if (!underWay) return put(key)
    underWay.next ??= underWay.now.then(() => put(key))
    return underWay.next
  }
}
