// Hears which executions change, from the moment it is called until the answered function is.
import { type ListChange, listEvents } from '../../api/contract/live.ts'
import { urlOf } from '../../client/client.ts'
import { liveSource, type SourceStatus } from './live-source.ts'

const restMs = 1000

export type Changed = ListChange['items']

interface Listener {
  onLive(live: SourceStatus): void
  /**
   * At most every second, with the last change of each execution. Also once after each connection, then perhaps
   * with none: what happened after a list was read and before the server listened, it tells nobody.
   */
  onChange(items: Changed): void
}

export function followList({ onLive, onChange }: Listener): () => void {
  const changed = new Map<string, Changed[number]>()
  let resting: ReturnType<typeof setTimeout> | undefined
  const tell = () => {
    resting ??= setTimeout(() => {
      resting = undefined
      onChange([...changed.values()])
      changed.clear()
    }, restMs)
  }
  const source = liveSource({
    url: () => urlOf(listEvents),
    onLive,
    onOpen: tell,
    onChange(data) {
      for (const item of (JSON.parse(data) as ListChange).items) changed.set(item.id, item)
      tell()
    },
  })
  source.connect()
  return () => {
    source.close()
    clearTimeout(resting)
  }
}
