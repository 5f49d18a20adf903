import { Modal, Switch } from 'antd'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/field.tsx'
import { usePreference } from '../ui/preferences.ts'
import { Keys } from './keys.tsx'
import { type ShortcutGroup, shortcutGroups, shortcutIds, shortcuts } from './shortcuts.ts'
import './shortcut-help.css'

/** All shortcuts, and the switch for who does not want single letters to do things. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [on, setOn] = usePreference('shortcuts', 'on')
  return (
    <Modal
      open
      title={t('shortcuts.title')}
      footer={null}
      width={720}
      mask={{ closable: true }}
      onCancel={onClose}
    >
      <div className="f-shortcuts">
        {shortcutGroups.map((group) => (
          <Group key={group} group={group} />
        ))}
      </div>
      <Field label={t('shortcuts.letters')} className="f-shortcuts-switch">
        {(id) => (
          <Switch id={id} checked={on !== 'off'} onChange={(checked) => setOn(checked ? 'on' : 'off')} />
        )}
      </Field>
    </Modal>
  )
}

function Group({ group }: { group: ShortcutGroup }) {
  const { t } = useTranslation()
  return (
    <section>
      <h3>{t(`shortcuts.groups.${group}`)}</h3>
      <dl>
        {shortcutIds
          .filter((id) => shortcuts[id].group === group)
          .map((id) => (
            <Fragment key={id}>
              <dt>
                <Keys of={id} />
              </dt>
              <dd>{t(`shortcuts.does.${id}`)}</dd>
            </Fragment>
          ))}
      </dl>
    </section>
  )
}
