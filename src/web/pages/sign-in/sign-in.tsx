import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { signIn } from '../../../api/contract/session.ts'
import { api } from '../../data/client.ts'
import { meQuery } from '../../data/queries.ts'
import brand from '../../ui/fermata.svg'
import { ErrorPanel } from '../../ui/messages.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../ui/top-bar.tsx'

interface Credentials {
  username: string
  password: string
}

/** Shown in place of any page until somebody has signed in, so that links keep working. */
export function SignIn() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const enter = useMutation({
    mutationFn: (body: Credentials) => api.call(signIn, { body }),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  })
  const required = [{ required: true, message: t('signIn.required') }]
  return (
    <main className="f-signin">
      <div className="f-signin-box">
        <div className="f-signin-brand">
          <img src={brand} alt="" />
          <div>
            <h1>Fermata</h1>
            <p className="f-quiet">{t('signIn.tagline')}</p>
          </div>
        </div>
        {enter.error && <ErrorPanel error={enter.error} />}
        <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => enter.mutate(values)}>
          <Form.Item name="username" label={t('signIn.username')} rules={required}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('signIn.password')} rules={required}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={enter.isPending}>
            {t('signIn.submit')}
          </Button>
        </Form>
        <p className="f-quiet">{t('signIn.hint')}</p>
        <div className="f-row">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </main>
  )
}
