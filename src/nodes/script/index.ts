// Runs JavaScript of a designer in the sandbox: no effects but its result and its log.
import Type, { type Static } from 'typebox'
import type { JsonObject } from '../../core/json.ts'
import { type Fail, fail } from '../../core/outcome.ts'
import { DurationField, readDuration } from '../../sdk/duration.ts'
import type { NodeType, RunContext } from '../../sdk/node-type.ts'
import { Raw } from '../../sdk/text.ts'

const Config = Type.Object(
  {
    code: Raw({
      title: 'Code',
      description: 'The body of an async function; what it returns is the output.',
      minLength: 1,
      maxLength: 200_000,
    }),
    args: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_$][A-Za-z0-9_$]*$' }), Type.Unknown(), {
        title: 'Arguments',
        additionalProperties: false,
        description: 'Each becomes a variable of the script; write values as templates.',
      }),
    ),
    timeout: Type.Optional(DurationField({ title: 'Time limit', description: 'Default 5s, at most 10m.' })),
    memoryMb: Type.Optional(
      Type.Integer({ title: 'Memory limit (MiB)', description: 'Default 64.', minimum: 16, maximum: 512 }),
    ),
  },
  { additionalProperties: false },
)
type Config = Static<typeof Config> & { args?: JsonObject; timeout?: string | number }

export const nodeType: NodeType<Config> = {
  type: 'script',
  version: 1,
  title: { en: 'Script', zh: '脚本', ru: 'Скрипт' },
  summary: {
    en: 'Runs JavaScript on values of the execution and outputs what it returns',
    zh: '用 JavaScript 处理执行中的数据，并输出返回值',
    ru: 'Выполняет JavaScript над данными выполнения и выдаёт результат',
  },
  icon: 'square-code',
  group: 'compute',
  config: Config,
  effect: 'none',
  idempotent: true,
  async run(ctx) {
    const { code, args = {}, timeout, memoryMb } = ctx.config
    const limits = { timeoutMs: readDuration(timeout, 5000), ...(memoryMb === undefined ? {} : { memoryMb }) }
    try {
      const answer = await ctx.script(code, args, limits)
      writeLog(ctx, answer.log)
      return { type: 'done', output: answer.result }
    } catch (error) {
      if (!isScriptError(error)) throw error
      writeLog(ctx, error.log ?? [])
      return toFailure(error)
    }
  },
}

interface ScriptError extends Error {
  code: string
  line?: number
  log?: readonly string[]
}

function isScriptError(error: unknown): error is ScriptError {
  if (!(error instanceof Error) || !('code' in error)) return false
  return typeof error.code === 'string' && error.code.startsWith('script-')
}

function writeLog(ctx: RunContext<Config>, lines: readonly string[]): void {
  for (const line of lines) ctx.log(line)
}

function toFailure(error: ScriptError): Fail {
  const { code, line } = error
  const kind = code === 'script-timeout' ? 'timed-out' : 'error'
  const where = line === undefined ? '' : ` (line ${line})`
  return fail(kind, code, `${error.message}${where}`, line === undefined ? undefined : { line })
}
