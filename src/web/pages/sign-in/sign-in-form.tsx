import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Me, signIn } from '../../../api/contract/session.ts'
import { api } from '../../data/client.ts'
import { ErrorPanel } from '../../ui/messages.tsx'

interface Credentials {
  username: string
  password: string
}

interface FormProps {
  /** Known already: only the password is asked for. */
  user?: string
  onSignedIn: (me: Me) => void
}

export function SignInForm({ user, onSignedIn }: FormProps) {
  const { t } = useTranslation()
  const enter = useMutation({
    mutationFn: (body: Credentials) => api.call(signIn, { body }),
    onSuccess: onSignedIn,
  })
  const required = [{ required: true, message: t('signIn.required') }]
  return (
    <>
      {enter.error && <ErrorPanel error={enter.error} />}
      <Form<Credentials>
        layout="vertical"
        requiredMark={false}
        initialValues={{ username: user ?? '' }}
        onFinish={(values) => enter.mutate(values)}
      >
        <Form.Item name="username" label={t('signIn.username')} rules={required}>
          <Input
            autoComplete="username"
            {...(user === undefined ? { autoFocus: true } : { readOnly: true, tabIndex: -1 })}
          />
        </Form.Item>
        <Form.Item name="password" label={t('signIn.password')} rules={required}>
          <Input.Password autoComplete="current-password" autoFocus={user !== undefined} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={enter.isPending}>
          {t('signIn.submit')}
        </Button>
      </Form>
    </>
  )
}
