// Which effects of a generated workflow a person must be asked about: written in the document, so that the model and the
// oracle know it without the engine.
import type { StubDocument, StubNode } from './document-shape.ts'

/** True: for every record, or of a node without records. A list: for these records only. */
export type Harm = true | string[]

/** What the node types of these tests tell of their resolved config. */
export function isHarmful({ harm, of }: { harm?: unknown; of?: unknown }): boolean {
  return harm === true || (Array.isArray(harm) && harm.includes(of))
}

/** Of a run, whose id ends with its record where it has one. */
export function asksFirst({ policy, config, bind }: StubNode, run: string): boolean {
  const of = bind ? recordOf(run) : undefined
  return policy?.risk === 'ask' && (bind === undefined || of !== undefined) && isHarmful({ ...config, of })
}

const recordOf = (run: string): string | undefined => /\[([^\]/]+)\]$/.exec(run)?.[1]

/** The run of the bound node whose record this is. */
export const ownerOf = (run: string): string => run.replace(/\[[^\]/]+\]$/, '')

export function nodeOfRun(document: StubDocument | undefined, run: string): StubNode | undefined {
  const last = ownerOf(run).split('/').at(-1)
  return document?.nodes.find(({ id }) => id === last)
}
