// Runs another workflow as a child execution.
import Type from 'typebox'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { type ChildRequest, done, type Fail, fail } from '../../core/outcome.ts'
import type { NodeType, RecordValue, RunContext } from '../../sdk/node-type.ts'
import { readText, TemplateField } from '../../sdk/read-field.ts'

const Target = Type.Union(
  [
    TemplateField({ title: 'From a template' }),
    Type.Object(
      {
        collection: Type.String({ title: 'Collection', minLength: 1 }),
        id: Type.String({ title: 'Record', minLength: 1 }),
      },
      { additionalProperties: false, title: 'A record' },
    ),
  ],
  {
    title: 'Target',
    description:
      'A template that gives a record or, with a binding, its id; or collection and id. Default: the bound record.',
  },
)

const Config = Type.Object(
  {
    workflow: Type.String({
      title: 'Workflow',
      description: 'Its key.',
      minLength: 1,
      maxLength: 200,
      'x-refers': 'workflow',
    }),
    version: Type.Optional(
      Type.Integer({
        title: 'Version',
        description: 'Default: the published version at that time.',
        minimum: 1,
      }),
    ),
    inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { title: 'Inputs' })),
    target: Type.Optional(Target),
    wait: Type.Optional(
      Type.Boolean({ title: 'Wait for its end', description: 'Default true; else it is only started.' }),
    ),
  },
  { additionalProperties: false },
)
interface Config {
  workflow: Json
  version?: number
  inputs?: JsonObject
  target?: Json
  wait?: boolean
}

export const nodeType: NodeType<Config> = {
  type: 'workflow',
  version: 1,
  title: { en: 'Workflow', zh: '子编排', ru: 'Вложенный сценарий' },
  summary: {
    en: 'Runs another workflow and goes on with its output',
    zh: '执行另一个编排，并使用它的输出',
    ru: 'Выполняет другой сценарий и продолжает с его результатом',
  },
  icon: 'workflow',
  group: 'control',
  config: Config,
  effect: 'none',
  waits: true,
  run(ctx) {
    const { workflow, version, inputs, wait = true } = ctx.config
    const target = targetOf(ctx)
    if (target?.type === 'fail') return target
    const child: ChildRequest = {
      workflow: readText(workflow) ?? '',
      ...(version === undefined ? {} : { version }),
      ...(target === undefined ? {} : { target: target.record }),
      ...(inputs === undefined ? {} : { inputs }),
      ...(wait ? {} : { detached: true as const }),
    }
    return { type: 'wait', for: 'child', child }
  },
  resume(ctx, input) {
    const child = isJsonObject(input) ? input : {}
    if (ctx.config.wait === false) return done({ id: child.id ?? null })
    return child.status === 'completed' ? done(child.output ?? null) : toFailure(ctx, child)
  },
}

type Target = { type: 'target'; record: { collection: string; id: string } } | Fail

function targetOf({ config, record }: RunContext<Config>): Target | undefined {
  const { target } = config
  if (target === undefined)
    return record && { type: 'target', record: { collection: record.collection, id: record.id } }
  if (target === null) return undefined
  return readTarget(target, record) ?? invalidTarget(target)
}

/** A record or `{ collection, id }`, or an id in the collection of the bound record. */
function readTarget(target: Json, record: RecordValue | undefined): Target | undefined {
  const { collection, id } = isJsonObject(target) ? target : { collection: record?.collection, id: target }
  if (typeof collection !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return undefined
  return { type: 'target', record: { collection, id: String(id) } }
}

function invalidTarget(target: Json): Fail {
  const found = JSON.stringify(target).slice(0, 200)
  return fail('failed', 'invalid-target', `The target wants a collection and an id, but found ${found}`)
}

const kinds = { failed: 'failed', error: 'error', rejected: 'rejected', canceled: 'error' } as const

function toFailure({ config }: RunContext<Config>, child: JsonObject): Fail {
  const { id = null, status, error = null } = child
  const kind = kinds[status as keyof typeof kinds] ?? 'error'
  const reason = isJsonObject(error) ? readText(error.message) : undefined
  const message = `Workflow ${readText(config.workflow)} ended ${String(status)}${reason ? `: ${reason}` : ''}`
  return fail(kind, `child-${String(status)}`, message, { execution: id, status: status ?? null, error })
}
