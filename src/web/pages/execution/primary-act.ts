// One button of the page is filled: in the banner where something failed, else in the header, else in the inspector.
import type { ExecutionDetail } from '../../../api/contract/executions.ts'

type Acts = ExecutionDetail['acts']

/** What failed is retried from the banner, which says what it is. */
export const headerPrimary = (acts: Acts): Acts[number] | undefined =>
  acts.includes('retry') ? undefined : acts.find((act) => act === 'resume' || act === 'confirm')

export const inspectorFills = (acts: Acts): boolean =>
  !acts.includes('retry') && headerPrimary(acts) === undefined
