import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { acceptsConfig, contextOf } from '../../sdk/test-kit.ts'
import { nodeType } from './index.ts'

class ScriptError extends Error {
  code: string
  line: number
  log = ['before']
  constructor(code: string, message: string) {
    super(message)
    this.code = code
    this.line = 3
  }
}

interface Call {
  code: string
  args: JsonObject
  limits: unknown
}
const calls: Call[] = []

const prepare = (config: JsonObject, end: unknown = 42) =>
  contextOf(nodeType, config, {
    scope: { inputs: { n: 7, hostile: '"); process.exit(' } },
    async script(code, args, limits) {
      calls.push({ code, args, limits })
      if (end instanceof Error) throw end
      return { result: end as number, log: ['line'] }
    },
  })

describe('script', () => {
  it('hands code over as written, arguments resolved, and answers the result', async () => {
    const code = 'return n + "{{ inputs.n }}"'
    const ctx = prepare({ code, args: { n: '{{ inputs.n }}', text: '{{ inputs.hostile }}' } })
    expect(await nodeType.run(ctx)).toEqual({ type: 'done', output: 42 })
    expect(calls.at(-1)).toEqual({
      code,
      args: { n: 7, text: '"); process.exit(' },
      limits: { timeoutMs: 5000 },
    })
    expect(ctx.lines).toEqual(['line'])
  })

  it('passes its limits on', async () => {
    await nodeType.run(prepare({ code: '1', timeout: '2s', memoryMb: 32 }))
    expect(calls.at(-1)?.limits).toEqual({ timeoutMs: 2000, memoryMb: 32 })
  })

  it.each([
    ['script-error', 'error'],
    ['script-memory', 'error'],
    ['script-timeout', 'timed-out'],
  ])('fails with %s as %s, keeping the log', async (code, kind) => {
    const ctx = prepare({ code: 'x' }, new ScriptError(code, 'TypeError: no'))
    expect(await nodeType.run(ctx)).toEqual({
      type: 'fail',
      kind,
      code,
      message: 'TypeError: no (line 3)',
      details: { line: 3 },
    })
    expect(ctx.lines).toEqual(['before'])
  })

  it('does not hide what is not the script’s fault', async () => {
    await expect(nodeType.run(prepare({ code: 'x' }, new Error('pool is gone')))).rejects.toThrow(
      'pool is gone',
    )
  })

  it('has a strict config', () => {
    const accepts = (config: JsonObject) => acceptsConfig(nodeType as never, config)
    expect(accepts({ code: 'return 1', args: { a: 1 }, timeout: '1m', memoryMb: 64 })).toBe(true)
    expect(accepts({ code: '' })).toBe(false)
    expect(accepts({ code: 'x', args: { 'a b': 1 } })).toBe(false)
    expect(accepts({ code: 'x', memoryMb: 100_000 })).toBe(false)
    expect(accepts({ code: 'x', require: ['fs'] })).toBe(false)
  })
})
