// The settings of a node: as written, beside what they were when it ran.
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../../../api/contract/node-runs.ts'
import { isJsonObject, type Json } from '../../../core/json.ts'
import { nodeOf, ownerOf } from '../../../core/run-id.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { useExecutionPage } from './context.ts'
import { type SettingRow, settingRows } from './settings-rows.ts'

export function SettingsView({ id, run }: { id: string; run: NodeRun | undefined }) {
  const { t } = useTranslation()
  const page = useExecutionPage()
  const node = page.live.execution.document.nodes.find((candidate) => candidate.id === nodeOf(id))
  if (!node) return null
  const isOwner = node.bind !== undefined && ownerOf(id) === undefined
  const rows = settingRows(node.config as Json | undefined, isOwner ? undefined : configOf(run?.input))
  const rules = Object.entries({ bind: node.bind, policy: node.policy, join: node.join })
  const told = Object.fromEntries(rules.filter(([, value]) => value !== undefined))
  return (
    <div className="f-stack">
      {isOwner && run && <Alert type="info" title={t('settings.perRecord')} />}
      {rows.length === 0 ? (
        <p className="f-quiet">{t('settings.none')}</p>
      ) : (
        <table className="f-settings" aria-label={t('inspector.tabs.settings')}>
          <thead>
            <tr>
              <th scope="col">{t('settings.written')}</th>
              <th scope="col">{t('settings.atRun')}</th>
            </tr>
          </thead>
          {rows.map((row) => (
            <Setting key={row.path} row={row} />
          ))}
        </table>
      )}
      {Object.keys(told).length > 0 && (
        <section className="f-section">
          <h3>{t('settings.rules')}</h3>
          <JsonTree value={told} name={node.id} />
        </section>
      )}
    </div>
  )
}

/** Containers keep their items beside their config. */
function configOf(input: Json | undefined): Json | undefined {
  return input !== undefined && isJsonObject(input) && 'items' in input && isJsonObject(input.config ?? null)
    ? input.config
    : input
}

function Setting({ row }: { row: SettingRow }) {
  const text = (value: Json | undefined) =>
    value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value, null, 1)
  return (
    <tbody>
      <tr>
        <th colSpan={2} scope="rowgroup">
          {row.path}
        </th>
      </tr>
      <tr className="f-code">
        <td colSpan={row.resolved ? 1 : 2}>{text(row.written)}</td>
        {row.resolved && <td data-resolved>{text(row.atRun)}</td>}
      </tr>
    </tbody>
  )
}
