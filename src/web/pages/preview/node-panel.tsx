// One node: what it is set to do, and which records it will work on; those bound at the start may be unchecked.
import { Link } from '@tanstack/react-router'
import { Alert, Button, Collapse } from 'antd'
import { Workflow, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Preview, PreviewBinding } from '../../../api/contract/previews.ts'
import type { NodeDocument } from '../../../core/document.ts'
import type { DrawnNode } from '../../canvas/structure.ts'
import { TypeIcon } from '../../canvas/type-icon.tsx'
import { useText } from '../../i18n/use-language.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { Problems } from '../../ui/messages.tsx'
import { BindingChecks, mayChoose } from './binding-checks.tsx'
import { usePreviewPage } from './context.ts'

export function NodePanel({ node, document }: { node: DrawnNode; document: NodeDocument }) {
  const text = useText()
  const { preview, select } = usePreviewPage()
  const { t } = useTranslation()
  return (
    <section className="f-detail" aria-label={t('preview.node', { title: node.title })}>
      <header className="f-detail-head">
        <TypeIcon icon={node.icon} group={node.group} size={18} />
        <h2 className="f-grow">
          {node.number} · {node.title}
        </h2>
        <CloseButton onClose={() => select(undefined)} />
      </header>
      <p className="f-quiet">{text(node.typeTitle)}</p>
      {node.note && <p>{node.note}</p>}
      <SubWorkflowLink document={document} preview={preview} />
      <Binding node={node} document={document} />
      {document.config !== undefined && (
        <Collapse
          size="small"
          items={[
            { key: 'config', label: t('preview.settings'), children: <JsonTree value={document.config} /> },
          ]}
        />
      )}
    </section>
  )
}

export function CloseButton({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Button
      type="text"
      size="small"
      icon={<X size={16} />}
      aria-label={t('common.close')}
      onClick={onClose}
    />
  )
}

/** A name that is computed cannot be followed before the run. */
function SubWorkflowLink({ document, preview }: { document: NodeDocument; preview: Preview | undefined }) {
  const { t } = useTranslation()
  const key = document.type === 'workflow' ? document.config?.workflow : undefined
  if (typeof key !== 'string' || !/^[a-z][a-z0-9-]*$/.test(key)) return null
  return (
    <Link to="/run/$workflow" params={{ workflow: key }} disabled={preview?.workflow === key}>
      <Workflow size={14} aria-hidden /> {t('preview.viewSub', { key })}
    </Link>
  )
}

function Binding({ node, document }: { node: DrawnNode; document: NodeDocument }) {
  const { t } = useTranslation()
  const { preview } = usePreviewPage()
  if (!document.bind) return <p className="f-quiet">{t('preview.notBound')}</p>
  const { mode = 'start', path, node: source } = document.bind
  const binding = preview?.bindings.find((one) => one.node === node.id)
  return (
    <>
      <dl className="f-facts">
        <div className="f-facts-row">
          <dt>{t('preview.bound')}</dt>
          <dd>{t(`preview.modeNames.${mode}`, { node: source })}</dd>
        </div>
        {mode !== 'same-as' && (
          <div className="f-facts-row">
            <dt>{t('preview.path')}</dt>
            <dd>{path ? <code>{path}</code> : t('preview.targetItself')}</dd>
          </div>
        )}
      </dl>
      {binding && <Records binding={binding} />}
    </>
  )
}

function Records({ binding }: { binding: PreviewBinding }) {
  const { t } = useTranslation()
  const { records, problem } = binding
  if (problem)
    return (
      <Alert
        type="error"
        title={t('preview.brokenBinding')}
        description={<Problems problems={[problem]} />}
        showIcon
      />
    )
  return (
    <>
      <ModeHint binding={binding} />
      {records.length > 0 ? (
        <BindingChecks binding={binding} />
      ) : (
        <Alert
          type="warning"
          title={t('preview.nothingBound')}
          description={t('preview.nothingBoundText')}
          showIcon
        />
      )}
    </>
  )
}

/** Why the checks cannot be changed here. */
export function ModeHint({ binding }: { binding: PreviewBinding }) {
  const { t } = useTranslation()
  if (mayChoose(binding)) return null
  return <Alert type="info" title={t(`preview.modes.${binding.mode}`)} showIcon />
}
