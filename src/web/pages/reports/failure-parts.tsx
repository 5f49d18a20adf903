// How one group of failures is told, in the reports and at home.
import type { FailureFigures } from '../../../api/contract/reports.ts'
import type { ExecutionsSearch } from '../../search.ts'
import { FailureText } from '../../ui/said-text.tsx'

type Failure = Pick<FailureFigures, 'workflow' | 'workflowTitle' | 'node' | 'nodeTitle' | 'code' | 'message'>

/** The executions a group of failures happened in. */
export const executionsWith = ({ workflow, node }: Failure, time: ExecutionsSearch): ExecutionsSearch => ({
  ...time,
  workflow,
  ...(node ? { failedNode: node } : { status: 'failed,error,rejected' }),
})

export function Where({ failure: { workflowTitle, node, nodeTitle } }: { failure: Failure }) {
  return (
    <>
      {workflowTitle} {node && <span className="f-quiet">· {nodeTitle ?? node}</span>}
    </>
  )
}

export function ErrorText({ failure: { code, message } }: { failure: Failure }) {
  return (
    <span className="f-error-text">
      {code && <code>{code}</code>} <FailureText failure={{ code, message }} />
    </span>
  )
}
