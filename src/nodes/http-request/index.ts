// One HTTP request through the guarded door of the runtime.
import type { Json } from '../../core/json.ts'
import { type Fail, fail } from '../../core/outcome.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { HttpAnswer, NodeType, RunContext } from '../../sdk/node-type.ts'
import { Config, Output } from './config.ts'
import { toFailure } from './failure.ts'
import { buildRequest } from './request.ts'

export const nodeType: NodeType<Config> = {
  type: 'http-request',
  version: 1,
  title: { en: 'HTTP request', zh: 'HTTP 请求', ru: 'HTTP-запрос' },
  summary: {
    en: 'Calls an HTTP service and outputs its answer',
    zh: '调用 HTTP 服务并输出响应',
    ru: 'Обращается к HTTP-сервису и выдаёт ответ',
  },
  icon: 'globe',
  group: 'remote',
  config: Config,
  output: Output,
  effect: 'write',
  async run(ctx) {
    const request = await buildRequest(ctx).catch(failFrom)
    if ('type' in request) return request
    const { url, options } = request
    const place = withoutQuery(url)
    ctx.log(`${options.method} ${place}`, 'debug')
    const answer = await ctx.http(url, options).catch((error: unknown) => toFailure(error, place))
    return 'type' in answer ? answer : toOutcome(ctx, answer)
  },
  plan: ({ config }) => [`${config.method ?? 'GET'} ${config.url}`],
}

/** Queries may hold tokens: they have no place in logs and messages. */
const withoutQuery = (url: string) => url.replace(/[?#].*$/s, '')

function toOutcome(ctx: RunContext<Config>, answer: HttpAnswer) {
  const { status, statusText, headers } = answer
  if (!isOk(status, ctx.config.okStatuses)) {
    const details = { status, headers, body: answer.text().slice(0, 2000) }
    return fail('failed', 'http-status', `The service answered ${`${status} ${statusText}`.trim()}`, details)
  }
  const body = parseBody(answer, ctx.config.parse)
  if (body === undefined) return notJson(answer)
  return { type: 'done' as const, output: { status, headers, body } }
}

/** `2xx`, `404`: a digit and two `x` stand for a hundred statuses. */
function isOk(status: number, patterns: Config['okStatuses'] = ['2xx']): boolean {
  return patterns.some((pattern) => {
    const text = String(pattern)
    return text === String(status) || text.toLowerCase() === `${Math.floor(status / 100)}xx`
  })
}

/** Undefined when the answer should be JSON and is not. */
function parseBody(answer: HttpAnswer, how: Config['parse'] = 'auto'): Json | undefined {
  const text = answer.text()
  if (how === 'text') return text
  const saysJson = /[/+]json\b/i.test(answer.headers['content-type'] ?? '')
  if (how === 'auto' && !saysJson) return text
  if (text === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return how === 'json' ? undefined : text
  }
}

function notJson(answer: HttpAnswer): Fail {
  const details = { status: answer.status, body: answer.text().slice(0, 2000) }
  return fail('failed', 'http-not-json', 'The service did not answer with JSON', details)
}
