// Records somebody is asked about take no place of their node's concurrency, so that all of them ask together; what was
// confirmed goes on as places become free, never more of them at once than the node allows.
import { type Draft, editBody, editRun, isBoundItem } from './draft.ts'
import { ownerOf } from './run-id.ts'
import type { Body } from './state.ts'

/** So many records of a node rest before no further one is looked at: of 10,000 the snapshot must stay small. */
export const mostResting = 50

/** What a person is asked about gives its place to the next. */
export function rest(draft: Draft, id: string): void {
  const owner = ownerOf(id)
  if (owner === undefined || !isBoundItem(draft, id) || !draft.state.runs[owner]?.body) return
  editRun(draft, id).rests = true
  const body = editBody(draft, owner)
  body.resting = (body.resting ?? 0) + 1
  draft.signals.push({ type: 'fill', run: owner })
}

export function endRest(draft: Draft, id: string): void {
  const owner = ownerOf(id)
  if (owner === undefined || !draft.state.runs[id]?.rests) return
  delete editRun(draft, id).rests
  if (!draft.state.runs[owner]?.body) return
  const body = editBody(draft, owner)
  const left = (body.resting ?? 1) - 1
  if (left > 0) body.resting = left
  else delete body.resting
}

export const hasPlace = ({ live, resting = 0 }: Body, limit: number): boolean => live - resting < limit

/** Whether another item may begin: it could come to rest as well. */
export const hasRoom = (body: Body, limit: number): boolean =>
  hasPlace(body, limit) && (body.resting ?? 0) < mostResting
