import { Button, Tooltip } from 'antd'
import { Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Workflow } from '../../../api/contract/workflows.ts'
import { useFavourite } from '../../data/use-favourite.ts'
import './run.css'

/** One star for all versions of a workflow. Shown as it will be while the server is told. */
export function StarButton({ workflow }: { workflow: Pick<Workflow, 'key' | 'title' | 'favourite'> }) {
  const { t } = useTranslation()
  const { mutate, isPending, isError, variables } = useFavourite(workflow.key)
  const isOn = isPending ? variables : workflow.favourite
  const label = t('run.star', { title: workflow.title })
  return (
    <Tooltip title={isError ? t('run.notStarred') : t(isOn ? 'run.starred' : 'run.notStarredYet')}>
      <Button
        type="text"
        size="small"
        className="f-star"
        aria-pressed={isOn}
        aria-label={label}
        icon={<Star size={16} />}
        onClick={() => mutate(!isOn)}
      />
    </Tooltip>
  )
}
