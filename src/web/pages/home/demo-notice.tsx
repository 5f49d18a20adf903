import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { removeDemo } from '../../../api/contract/demo.ts'
import { api } from '../../data/client.ts'
import { demoQuery, meQuery } from '../../data/queries.ts'
import { ErrorPanel } from '../../ui/messages.tsx'

/** Says that what is seen is a demo, to those who may take it away. */
export function DemoNotice() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const me = useQuery(meQuery)
  const mayRemove = me.data?.permissions.includes('system.manage') === true
  const demo = useQuery({ ...demoQuery, enabled: mayRemove })
  const remove = useMutation({
    mutationFn: () => api.call(removeDemo),
    onSuccess: () => client.invalidateQueries(),
  })
  if (!mayRemove || !demo.data?.present) return null
  return (
    <section className="f-section">
      <Alert
        type="info"
        showIcon
        title={t('home.demo')}
        description={t('home.demoText')}
        action={
          <Popconfirm
            title={t('home.removeDemo')}
            description={t('home.removeDemoText')}
            okText={t('home.removeDemo')}
            cancelText={t('common.cancel')}
            okButtonProps={{ danger: true }}
            onConfirm={() => remove.mutate()}
          >
            <Button danger loading={remove.isPending}>
              {t('home.removeDemo')}
            </Button>
          </Popconfirm>
        }
      />
      {remove.error && <ErrorPanel error={remove.error} />}
    </section>
  )
}
