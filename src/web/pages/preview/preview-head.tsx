// Name, star, version, target and the button that runs it.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Tooltip } from 'antd'
import { Grid3x3, Play, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDetail } from '../../../api/contract/workflows.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { StarButton } from '../run/star-button.tsx'
import { VersionPicker } from '../run/version-picker.tsx'
import { formId } from './before-panel.tsx'
import { usePreviewPage } from './context.ts'
import { TargetPicker } from './target-picker.tsx'
import type { Start } from './use-start.ts'

interface HeadProps {
  workflow: WorkflowDetail
  /** The version previewed. */
  version: number
  /** Collection of its target. */
  targetCollection: string | undefined
  /** Why it may not be run, as a key of `preview.barred`. */
  barred: Barred | undefined
  start: Start
  /** The form is submitted, which checks it first; else it is run at once. */
  hasForm: boolean
  isReady: boolean
}

export type Barred = 'sub' | 'disabled'

/** Sub-workflows are started by others; disabled ones by nobody. The server refuses both. */
export function barredBy({ kind, state }: Pick<WorkflowDetail, 'kind' | 'state'>): Barred | undefined {
  if (state === 'disabled') return 'disabled'
  return kind === 'sub' ? 'sub' : undefined
}

export function PreviewHead(props: HeadProps) {
  const { workflow, version, targetCollection, barred } = props
  const { t } = useTranslation()
  const { choices, preview } = usePreviewPage()
  return (
    <header className="f-head f-preview-head">
      <div className="f-grow">
        <div className="f-preview-title">
          <h1>{workflow.title}</h1>
          <Versions workflow={workflow.key} version={version} />
          <StarButton workflow={workflow} />
        </div>
        {workflow.description && <p className="f-quiet f-clip-2">{workflow.description}</p>}
      </div>
      {targetCollection !== undefined && (
        <TargetPicker workflow={workflow.key} version={version} collection={targetCollection} />
      )}
      {targetCollection !== undefined && !barred && (
        <LinkButton to="/run/$workflow/many" params={{ workflow: workflow.key }} icon={<Grid3x3 size={14} />}>
          {t('batches.runOnMany')}
        </LinkButton>
      )}
      <Tooltip title={t('preview.undoHint')}>
        <Button
          icon={<Undo2 size={14} />}
          disabled={!choices.undo}
          aria-label={t('preview.undo')}
          onClick={choices.undo}
        />
      </Tooltip>
      {!barred && <RunButton {...props} />}
      {barred && <Alert type="info" showIcon title={t(`preview.barred.${barred}`)} />}
      {!barred && preview?.test && <Alert type="warning" showIcon title={t('preview.isTest')} />}
    </header>
  )
}

function RunButton({ start, hasForm, isReady, targetCollection }: HeadProps) {
  const { t } = useTranslation()
  const { select } = usePreviewPage()
  const act = hasForm
    ? // What the form complains about must be seen.
      { htmlType: 'submit' as const, form: formId, onClick: () => select(undefined) }
    : { onClick: () => start.run({}) }
  const { target } = useSearch({ from: '/run/$workflow' })
  const isMissing = targetCollection !== undefined && target === undefined
  return (
    <Tooltip title={isMissing ? t('preview.targetFirst') : undefined}>
      <Button type="primary" icon={<Play size={14} />} loading={start.isPending} disabled={!isReady} {...act}>
        {t('preview.run')}
      </Button>
    </Tooltip>
  )
}

/** The target is kept: it is looked up again for the other version. */
function Versions({ workflow, version }: { workflow: string; version: number }) {
  const navigate = useNavigate({ from: '/run/$workflow' })
  return (
    <VersionPicker
      workflow={workflow}
      version={version}
      onPick={(picked) =>
        void navigate({
          search: ({ version: _, ...search }) =>
            picked.state === 'published' ? search : { ...search, version: picked.version },
          replace: true,
        })
      }
    />
  )
}
