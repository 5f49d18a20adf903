// What a new user may try in the demo world; it ticks itself, and goes away when it is done with.
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { Circle, CircleCheck, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { demoQuery, meQuery } from '../../data/queries.ts'
import { usePreference } from '../../ui/preferences.ts'
import { type Step, useSteps } from './first-steps.ts'

export function Checklist() {
  const { t } = useTranslation()
  const [state, setState] = usePreference('checklist', 'shown')
  const me = useQuery(meQuery)
  const mayKnow = me.data?.permissions.includes('system.manage') === true
  const demo = useQuery({ ...demoQuery, enabled: mayKnow })
  const isShown = state === 'shown' && demo.data?.present === true
  const steps = useSteps(isShown ? me.data?.name : undefined)
  if (!isShown || !steps) return null
  const done = steps.filter((step) => step.done).length
  const next = steps.find((step) => !step.done)
  return (
    <section className="f-panel f-checklist" aria-label={t('home.steps.title')}>
      <div className="f-row">
        <h2 className="f-grow">
          {t(next ? 'home.steps.title' : 'home.steps.finished')}{' '}
          <span className="f-quiet f-num">
            {done}/{steps.length}
          </span>
        </h2>
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('home.steps.dismiss')}
          onClick={() => setState('dismissed')}
        />
      </div>
      <ol>
        {steps.map((step) => (
          <StepRow key={step.name} step={step} isNext={step === next} />
        ))}
      </ol>
    </section>
  )
}

function StepRow({ step: { name, done, to }, isNext }: { step: Step; isNext: boolean }) {
  const { t } = useTranslation()
  const router = useRouter()
  const Icon = done ? CircleCheck : Circle
  return (
    <li data-done={done || undefined}>
      <Icon size={16} role="img" aria-label={t(done ? 'home.steps.done' : 'home.steps.open')} />
      <div className="f-grow">
        <strong>{t(`home.steps.titles.${name}`)}</strong>
        <p className="f-quiet">{t(`home.steps.texts.${name}`)}</p>
        {to !== undefined && (!done || name === 'watch') && (
          <Button size="small" type={isNext ? 'primary' : 'default'} onClick={() => router.history.push(to)}>
            {done ? t('home.steps.again') : t(`home.steps.go.${name}`)}
          </Button>
        )}
      </div>
    </li>
  )
}
