// Many who ask for something at the same moment are answered by one statement: after a crash a process takes up
// hundreds of executions at once.

interface Asking<K, V> {
  key: K
  resolve(value: V): void
  reject(error: unknown): void
}

/** `read` answers for several keys, in their order. */
export function together<K, V>(read: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  let asking: Asking<K, V>[] = []

  async function answer(batch: readonly Asking<K, V>[]): Promise<void> {
    try {
      const values = await read(batch.map(({ key }) => key))
      for (const [n, { resolve }] of batch.entries()) resolve(values[n] as V)
    } catch (error) {
      // One key that cannot be asked for must not take the others with it.
      if (batch.length === 1) batch[0]?.reject(error)
      else for (const one of batch) await answer([one])
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      asking.push({ key, resolve, reject })
      if (asking.length > 1) return
      setImmediate(() => {
        const batch = asking
        asking = []
        void answer(batch)
      })
    })
}
