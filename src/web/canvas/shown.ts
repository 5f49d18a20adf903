// What cards and edges show now, beside React Flow, which holds where they stand and asks every one of them whenever
// something of its own changes: an update draws the cards it is about and asks no other.
import {
  createContext,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import type { CanvasModel, ModelEdge, ModelNode } from './model.ts'

export interface CardLook {
  node: ModelNode
  selected: boolean
  linked: boolean
  /** The one card that the tab key reaches; arrows reach the others. */
  inTabOrder: boolean
}

export interface Shown<T> {
  get(id: string): T | undefined
  watch(id: string, listener: () => void): () => void
  /** Tells those who watch what is no longer the same. */
  show(next: ReadonlyMap<string, T>): void
}

export function createShown<T extends object>(first: ReadonlyMap<string, T>): Shown<T> {
  const shown = new Map(first)
  const listeners = new Map<string, Set<() => void>>()
  return {
    get: (id) => shown.get(id),
    watch(id, listener) {
      const all = listeners.get(id) ?? new Set()
      listeners.set(id, all.add(listener))
      return () => all.delete(listener)
    },
    show(next) {
      for (const [id, value] of next) {
        const before = shown.get(id)
        if (before && isSame(before, value)) continue
        shown.set(id, value)
        for (const listener of listeners.get(id) ?? []) listener()
      }
    },
  }
}

/** Property by property: these are few. */
function isSame<T extends object>(one: T, other: T): boolean {
  if (one === other) return true
  const entries = Object.entries(other)
  if (entries.length !== Object.keys(one).length) return false
  return entries.every(([key, value]) => one[key as keyof T] === value)
}

export interface Marks {
  selected: string | undefined
  linked: ReadonlySet<string>
}

interface ShownModel {
  cards: Shown<CardLook>
  edges: Shown<ModelEdge>
}

export const ShownContext = createContext<ShownModel | undefined>(undefined)

/** For the graph of one structure: it stays the same while what it shows changes. */
export function useShown(model: CanvasModel, marks: Marks): ShownModel {
  const looks = useMemo(() => looksOf(model, marks), [model, marks])
  const edges = useMemo(() => new Map(model.edges.map((edge) => [edge.id, edge])), [model.edges])
  const [shown] = useState(() => ({ cards: createShown(looks), edges: createShown(edges) }))
  // Before the picture is painted.
  useLayoutEffect(() => shown.cards.show(looks), [shown, looks])
  useLayoutEffect(() => shown.edges.show(edges), [shown, edges])
  return shown
}

function looksOf({ nodes }: CanvasModel, { selected, linked }: Marks): Map<string, CardLook> {
  const tabStop = selected ?? nodes[0]?.id
  return new Map(
    nodes.map((node) => {
      const { id } = node
      return [id, { node, selected: id === selected, linked: linked.has(id), inTabOrder: id === tabStop }]
    }),
  )
}

export const useCard = (id: string): CardLook | undefined => useOne(useContext(ShownContext)?.cards, id)

export const useEdge = (id: string): ModelEdge | undefined => useOne(useContext(ShownContext)?.edges, id)

function useOne<T>(shown: Shown<T> | undefined, id: string): T | undefined {
  const watch = useCallback((listener: () => void) => shown?.watch(id, listener) ?? nothing, [shown, id])
  return useSyncExternalStore(watch, () => shown?.get(id))
}

const nothing = () => undefined
