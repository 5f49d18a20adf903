// From the preview to a running execution: asks first when nodes would have nothing to work on.
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { startExecution } from '../../../api/contract/executions.ts'
import type { Preview } from '../../../api/contract/previews.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import { api } from '../../data/client.ts'
import { chosenBindings, type Worked } from './choices.ts'

export interface Start {
  /** Starts, or asks; with the values of the form. */
  run: (inputs: JsonObject) => void
  isPending: boolean
  error: unknown
  /** Of the nodes with nothing bound, while the question is open. */
  asking?: readonly string[]
  confirm: () => void
  cancel: () => void
}

interface Previewed {
  preview: Preview | undefined
  worked: Worked
  nodes: ReadonlyMap<string, DrawnNode>
}

export function useStart({ preview, worked, nodes }: Previewed): Start {
  const start = useStarting(preview, worked)
  const [asking, setAsking] = useState<JsonObject>()
  const titles = unboundTitles(worked, nodes)
  return {
    run: (inputs) => (titles.length > 0 ? setAsking(inputs) : start.mutate(inputs)),
    isPending: start.isPending,
    error: start.error,
    ...(asking && titles.length > 0 ? { asking: titles } : {}),
    confirm: () => {
      start.mutate(asking ?? {})
      setAsking(undefined)
    },
    cancel: () => setAsking(undefined),
  }
}

/** Of nodes that would have no record to work on. */
export function unboundTitles(worked: Worked, nodes: ReadonlyMap<string, DrawnNode>): string[] {
  const unbound = [...worked].filter(([, records]) => records.size === 0)
  const drawn = unbound.flatMap(([id]) => nodes.get(id) ?? [])
  return drawn.sort((a, b) => a.number - b.number).map((node) => `${node.number} · ${node.title}`)
}

function useStarting(preview: Preview | undefined, worked: Worked) {
  const navigate = useNavigate()
  const of = `${preview?.version} ${preview?.target?.id}`
  // The same for every click on this preview: a double click starts one execution.
  const { dedupKey } = useMemo(() => ({ of, dedupKey: `console-${crypto.randomUUID()}` }), [of])
  return useMutation({
    mutationFn: (inputs: JsonObject) => {
      if (!preview) throw new Error('Nothing is previewed')
      const { workflow, version, target } = preview
      const at = target ? { target: { collection: target.collection, id: target.id } } : {}
      const bindings = chosenBindings(preview.bindings, worked)
      return api.call(startExecution, {
        body: { workflow, version, inputs, bindings, trigger: 'manual', dedupKey, ...at },
      })
    },
    onSuccess: (execution) => void navigate({ to: '/executions/$id', params: { id: execution.id } }),
  })
}

/** The schema of the start form, when there is anything to fill in. */
export function inputSchema(inputs: unknown): JsonObject | undefined {
  const properties = isJsonObject(inputs) ? inputs.properties : undefined
  return isJsonObject(properties) && Object.keys(properties).length > 0 ? (inputs as JsonObject) : undefined
}
