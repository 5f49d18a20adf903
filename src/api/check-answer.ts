// What a person answers must fit the task: a wrong answer is refused, it never fails the node.
import { AppError } from '../core/errors.ts'
import { checkInputs } from '../core/inputs.ts'
import type { Json } from '../core/json.ts'
import type { TaskRow } from '../store/tasks-read.ts'

/** The values with the form's defaults. Throws `invalid-inputs` with pointers below `/values`. */
export function checkValues(task: Pick<TaskRow, 'form'>, values: Json | undefined): Json | undefined {
  if (!task.form) return values
  try {
    return checkInputs(task.form, values ?? {})
  } catch (error) {
    throw atValues(error)
  }
}

function atValues(error: unknown): AppError {
  if (!(error instanceof AppError)) {
    const detail = 'The form of this task is no valid schema; complete its node run by hand'
    return new AppError('conflict', detail, { cause: error })
  }
  const { pointer = '', problems } = error.details
  const moved = (text: string) => text.replace(/^\/inputs/, '/values')
  return new AppError('invalid-inputs', error.message.replace('/inputs', '/values'), {
    pointer: moved(pointer),
    ...(problems
      ? { problems: problems.map((problem) => ({ ...problem, pointer: moved(problem.pointer) })) }
      : {}),
  })
}

/** Throws `bad-request` unless the port is one of those offered. */
export function checkPort(task: Pick<TaskRow, 'options'>, port: string | undefined): string {
  const options = task.options ?? []
  if (port !== undefined && options.includes(port)) return port
  const detail = port === undefined ? 'Name the branch to take' : `"${port}" is none of ${options.join(', ')}`
  throw new AppError('bad-request', detail, {
    pointer: '/port',
    why: { key: 'not-a-choice', choices: options.join(', ') },
  })
}
