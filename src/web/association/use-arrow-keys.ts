import { useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, type RefObject, useMemo } from 'react'
import { isArrowKey, neighbour } from '../canvas/walk.ts'
import { recordSize } from './place.ts'
import type { Drawn } from './sight.ts'

interface Walk extends Drawn {
  onSelect?: (record: string | undefined) => void
}

/** Arrows go from box to box, Escape lets go. */
export function useArrowKeys({ drawing, placement, onSelect }: Walk, area: RefObject<HTMLElement | null>) {
  const { setCenter, getZoom } = useReactFlow()
  const places = useMemo(() => {
    const all = drawing.boxes.flatMap(({ key }) => {
      const place = placement.nodes[key]
      return place ? [[key, place] as const] : []
    })
    return new Map(all)
  }, [drawing, placement])
  return (event: KeyboardEvent) => {
    if (event.key === 'Escape') onSelect?.(undefined)
    const from = event.target instanceof HTMLElement ? event.target.dataset.box : undefined
    if (from === undefined || !isArrowKey(event.key)) return
    const to = neighbour(places, from, event.key)
    const place = to === undefined ? undefined : places.get(to)
    if (to === undefined || !place) return
    event.preventDefault()
    const { x, y } = place
    void setCenter(x + recordSize.width / 2, y + recordSize.height / 2, { zoom: getZoom() }).then(() => {
      // What was out of sight is drawn only now.
      const box = area.current?.querySelector<HTMLElement>(`[data-box="${CSS.escape(to)}"]`)
      box?.focus({ preventScroll: true })
    })
  }
}
