// The mail about an execution of a schedule, in the language of those who get it.
import type { Language } from '../../access/users.ts'
import type { ExecutionStatus } from '../../core/statuses.ts'
import type { TakenMessage } from '../../store/messages.ts'

interface Words {
  said: Record<TakenMessage['event'], string>
  names: Record<'schedule' | 'workflow' | 'target' | 'due' | 'execution' | 'reason', string>
  statuses: Record<ExecutionStatus, string>
}

const words: Record<Language, Words> = {
  en: {
    said: { completed: 'completed', failed: 'failed', waiting: 'waits for a person' },
    names: {
      ...{ schedule: 'Schedule', workflow: 'Workflow', target: 'Target' },
      ...{ due: 'Due', execution: 'Execution', reason: 'Reason' },
    },
    statuses: {
      ...{ queued: 'queued', running: 'running', paused: 'paused', completed: 'completed' },
      ...{ failed: 'failed', error: 'error', canceled: 'canceled', rejected: 'rejected' },
    },
  },
  zh: {
    said: { completed: '成功', failed: '失败', waiting: '等待人工处理' },
    names: {
      ...{ schedule: '定时任务', workflow: '编排', target: '操作对象' },
      ...{ due: '计划时间', execution: '执行', reason: '原因' },
    },
    statuses: {
      ...{ queued: '排队中', running: '执行中', paused: '已暂停', completed: '成功' },
      ...{ failed: '失败', error: '错误', canceled: '已终止', rejected: '已拒绝' },
    },
  },
  ru: {
    said: { completed: 'выполнено', failed: 'сбой', waiting: 'ждёт человека' },
    names: {
      ...{ schedule: 'Расписание', workflow: 'Рабочий процесс', target: 'Объект' },
      ...{ due: 'Назначено на', execution: 'Выполнение', reason: 'Причина' },
    },
    statuses: {
      ...{ queued: 'в очереди', running: 'выполняется', paused: 'приостановлено', completed: 'выполнено' },
      ...{ failed: 'сбой', error: 'ошибка', canceled: 'отменено', rejected: 'отклонено' },
    },
  },
}

/** `link`: where people open the execution. */
export function letterOf(
  { content, event }: Pick<TakenMessage, 'content' | 'event'>,
  link: string | undefined,
): { subject: string; text: string } {
  const { name, workflow, target, due, execution, status, reason, language = 'en' } = content
  const { said, names, statuses } = words[language]
  const stands = statuses[status as ExecutionStatus] ?? status
  const lines = [
    `${names.schedule}: ${name}`,
    `${names.workflow}: ${workflow}`,
    target === null ? '' : `${names.target}: ${target}`,
    `${names.due}: ${due}`,
    execution === null ? '' : `${names.execution}: ${execution} (${stands})`,
    reason === null ? '' : `${names.reason}: ${reason}`,
    link ?? '',
  ]
  const text = `${lines.filter((line) => line !== '').join('\n')}\n`
  return { subject: `[Fermata] ${name} ${said[event]}`, text }
}
