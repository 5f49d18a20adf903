// The form of a task and the ways to answer it: submit, approve or reject, or choose a branch.
import { useMutation } from '@tanstack/react-query'
import { Button, Input, Radio } from 'antd'
import { useReducer, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { approveTask, rejectTask, submitTask, type Task } from '../../../api/contract/tasks.ts'
import type { JsonObject } from '../../../core/json.ts'
import { api } from '../../data/client.ts'
import { LazyForm } from '../../forms/lazy-form.tsx'
import { ErrorPanel } from '../../ui/messages.tsx'

type Verb = Task['acts'][number]

interface Answer {
  verb: Verb
  values?: JsonObject
  port?: string
  reason?: string
}

function send(task: Task, { verb, values, port, reason }: Answer): Promise<Task> {
  const params = { id: task.id }
  const body = { ...(values ? { values } : {}), ...(reason ? { reason } : {}) }
  if (verb === 'approve') return api.call(approveTask, { params, body })
  if (verb === 'reject') return api.call(rejectTask, { params, body })
  return api.call(submitTask, { params, body: { ...body, ...(port ? { port } : {}) } })
}

interface AnswerProps {
  task: Task
  onAnswered: (task: Task) => void
}

export function TaskAnswer({ task, onAnswered }: AnswerProps) {
  const { t } = useTranslation()
  const [values, setValues] = useState<JsonObject>({})
  const [port, setPort] = useState<string>()
  const [reason, setReason] = useState('')
  const [isReady, setReady] = useReducer(() => true, task.form === undefined)
  const [verb, setVerb] = useState<Verb>(task.acts[0] ?? 'submit')
  const answer = useMutation({ mutationFn: (given: Answer) => send(task, given), onSuccess: onAnswered })
  if (task.acts.length === 0) return <p className="f-quiet">{t('tasks.notYours')}</p>
  const give = (chosen: Verb) =>
    answer.mutate({ verb: chosen, reason, ...(task.form ? { values } : {}), ...(port ? { port } : {}) })
  const isChoice = task.options !== undefined && task.options.length > 0 && task.kind === 'choice'
  return (
    <section className="f-stack" aria-label={t('tasks.answer')}>
      {isChoice && <Choice options={task.options ?? []} value={port} onChange={setPort} />}
      {task.form && (
        <LazyForm
          id={`task-${task.id}`}
          schema={task.form}
          value={values}
          onChange={setValues}
          onSubmit={() => give(verb)}
          disabled={answer.isPending}
          onReady={setReady}
        />
      )}
      <Input.TextArea
        value={reason}
        rows={2}
        maxLength={2000}
        placeholder={t('tasks.comment')}
        aria-label={t('tasks.comment')}
        onChange={(event) => setReason(event.target.value)}
      />
      {answer.error && <ErrorPanel error={answer.error} />}
      <Verbs
        task={task}
        blocked={answer.isPending || !isReady || (isChoice && port === undefined)}
        onVerb={(chosen) => {
          setVerb(chosen)
          // A form is checked before it is sent; to reject nothing must be filled in.
          if (!task.form || chosen === 'reject') give(chosen)
        }}
      />
    </section>
  )
}

interface ChoiceProps {
  options: readonly string[]
  value: string | undefined
  onChange: (port: string) => void
}

function Choice({ options, value, onChange }: ChoiceProps) {
  const { t } = useTranslation()
  return (
    <Radio.Group
      aria-label={t('tasks.choose')}
      value={value}
      onChange={(event) => onChange(String(event.target.value))}
      options={options.map((option) => ({ value: option, label: option }))}
      orientation="vertical"
    />
  )
}

interface VerbsProps {
  task: Task
  blocked: boolean
  onVerb: (verb: Verb) => void
}

function Verbs({ task, blocked, onVerb }: VerbsProps) {
  const { t } = useTranslation()
  return (
    <div className="f-row">
      {task.acts.map((verb) => (
        <Button
          key={verb}
          type={verb === 'reject' ? 'default' : 'primary'}
          danger={verb === 'reject'}
          disabled={blocked}
          {...(task.form && verb !== 'reject' ? { htmlType: 'submit', form: `task-${task.id}` } : {})}
          onClick={() => onVerb(verb)}
        >
          {t(`tasks.verbs.${verb}`)}
        </Button>
      ))}
    </div>
  )
}
