import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'

interface AskProps {
  /** Of the nodes with nothing bound. */
  titles: readonly string[]
  onRun: () => void
  onCancel: () => void
}

export function AskAnyway({ titles, onRun, onCancel }: AskProps) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={t('preview.runAnyway')}
      okText={t('preview.runIt')}
      cancelText={t('common.cancel')}
      onOk={onRun}
      onCancel={onCancel}
    >
      <p>{t('preview.runAnywayText', { count: titles.length })}</p>
      <ul>
        {titles.map((title) => (
          <li key={title}>{title}</li>
        ))}
      </ul>
    </Modal>
  )
}
