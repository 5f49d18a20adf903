import { useTranslation } from 'react-i18next'
import {
  type ExecutionDetail,
  pauseExecution,
  resumeExecution,
  retryExecution,
  terminateExecution,
} from '../../../api/contract/executions.ts'
import { isFailure } from '../../../core/statuses.ts'
import { api } from '../../data/client.ts'
import { ActDialog } from './act-dialog.tsx'
import { useExecutionPage } from './context.ts'
import { useNewest } from './use-newest.ts'

type Act = Exclude<ExecutionDetail['acts'][number], 'confirm'>

const routes = {
  pause: pauseExecution,
  resume: resumeExecution,
  terminate: terminateExecution,
  retry: retryExecution,
} as const

export function ExecutionActDialog({ act, onClose }: { act: Act; onClose: () => void }) {
  const { t } = useTranslation()
  const { now } = useExecutionPage()
  const { id, workflowTitle } = now.execution
  const runs = useNewest(now)
  const count =
    act === 'retry'
      ? runs.filter((run) => run.acts.includes('retry') && isFailure(run.status)).length
      : runs.filter((run) => run.status === 'running' || run.status === 'queued').length
  return (
    <ActDialog
      act={act}
      title={t(`act.title.${act}`, { title: `${workflowTitle} #${id}` })}
      text={t(`act.text.${act}`, { count })}
      verb={t(`execution.acts.${act}`)}
      danger={act === 'terminate'}
      send={(reason) => api.call(routes[act], { params: { id }, body: reason })}
      onClose={onClose}
    />
  )
}
