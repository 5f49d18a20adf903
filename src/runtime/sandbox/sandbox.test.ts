import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, it } from 'vitest'
import type { ScriptError } from './protocol.ts'
import { createSandbox } from './sandbox.ts'

const sandbox = createSandbox({ size: 2 })
afterAll(() => sandbox.close())

const result = async (code: string, args = {}) => (await sandbox.run(code, args)).result
const failure = (code: string, limits = {}, args = {}) =>
  sandbox.run(code, args, limits).then(
    (answer) => expect.fail(`completed with ${JSON.stringify(answer.result)}`),
    (error: ScriptError) => error,
  )

describe('a script', () => {
  it('sees its arguments as global variables and returns JSON', async () => {
    expect(await result('return inputs.a + item', { inputs: { a: 1 }, item: 2 })).toBe(3)
    expect(await result('return { list: [inputs.missing, null, 1.5] }', { inputs: {} })).toEqual({
      list: [null, null, 1.5],
    })
  })

  it('returns null when it returns nothing or nothing that JSON knows', async () => {
    expect(await result('')).toBeNull()
    expect(await result('return () => 1')).toBeNull()
    expect(await result('return NaN')).toBeNull()
  })

  it('may await promises and async functions', async () => {
    expect(
      await result('const f = async (n) => (n ? f(n - 1) : "end"); return (await f(50)) + (await 1)'),
    ).toBe('end1')
  })

  it('keeps texts of other scripts and lone surrogates whole', async () => {
    expect(await result('return t + "𝄐"', { t: '编排\u0000ё' })).toBe('编排\u0000ё𝄐')
  })

  it('logs lines of anything printable', async () => {
    const answer = await sandbox.run(
      'console.log("a", 1, { b: [true] }); console.warn(new TypeError("x")); const o = {}; o.o = o; console.log(o)',
      {},
    )
    expect(answer.log).toEqual(['a 1 {"b":[true]}', 'TypeError: x', '[unprintable]'])
  })

  it('cannot change prototypes of the host through its result', async () => {
    const value = await result(
      'return JSON.parse(\'{"__proto__":{"hit":1},"a":{"constructor":{"prototype":1}}}\')',
    )
    expect(value).toEqual({ a: {} })
    expect(({} as Record<string, unknown>).hit).toBeUndefined()
  })
})

describe('a failing script', () => {
  it('says what it threw and in which line', async () => {
    expect(await failure('\n\nnull.x')).toMatchObject({ code: 'script-error', line: 3 })
    expect(await failure('const f = () => {\n  throw new RangeError("far")\n}\nf()')).toMatchObject({
      message: 'RangeError: far',
      line: 2,
    })
  })

  it('says where the text is no JavaScript', async () => {
    expect(await failure('const a = 1\nlet b = ;')).toMatchObject({ code: 'script-syntax', line: 2 })
    expect(await failure('import fs from "fs"')).toMatchObject({ code: 'script-syntax', line: 1 })
  })

  it('keeps what was logged before', async () => {
    expect(await failure('console.log("before"); throw "plain text"')).toMatchObject({
      code: 'script-error',
      message: 'plain text',
      log: ['before'],
    })
  })

  it('is told apart when it waits for what never comes', async () => {
    expect((await failure('await new Promise(() => {})')).code).toBe('script-stuck')
  })

  it('is refused when it or its arguments are too large', async () => {
    expect((await failure(' '.repeat(300_000))).code).toBe('script-input-too-large')
    expect((await failure('return 1', {}, { a: 'x'.repeat(5_000_000) })).code).toBe('script-input-too-large')
  })
})

describe('greedy scripts', () => {
  const cases: [name: string, code: string, ...codes: string[]][] = [
    ['endless loop', 'while (true);', 'script-timeout'],
    ['endless loop that catches everything', 'for (;;) { try { for (;;); } catch {} }', 'script-timeout'],
    ['endless loop in finally', 'try { for (;;); } finally { for (;;); }', 'script-timeout'],
    [
      'endless microtasks',
      'const f = () => { Promise.resolve().then(f) }; f(); await new Promise(() => {})',
      'script-timeout',
    ],
    ['long native operation', 'return new Array(1e9) + ""', 'script-timeout', 'script-memory'],
    ['catastrophic pattern', 'return /^(a+)+$/.test("a".repeat(40) + "b")', 'script-timeout'],
    [
      'endless getter of a thrown error',
      'throw Object.defineProperty(new Error(), "message", { get() { for (;;); } })',
      'script-timeout',
    ],
    ['endless toJSON', 'return { toJSON() { for (;;); } }', 'script-timeout'],
    ['doubling text', 'let s = "x"; for (;;) s += s', 'script-memory', 'script-error'],
    ['growing list', 'const a = []; for (;;) a.push(new Array(1000).fill(1))', 'script-memory'],
    ['large split', 'return "a".repeat(3e7).split("").length', 'script-memory'],
    ['typed arrays', 'const a = []; for (;;) a.push(new Uint8Array(1e6))', 'script-memory'],
    ['deep recursion', 'const f = () => f() + 1; return f()', 'script-error'],
    ['deep JSON', 'return JSON.parse("[".repeat(1e6))', 'script-error'],
    ['deep source', 'return eval("(".repeat(1e5))', 'script-error', 'script-syntax'],
    [
      'deep result',
      'let a = []; for (let i = 0; i < 5000; i++) a = [a]; return a',
      'script-result-too-large',
      'script-error',
    ],
    ['large result', 'return "x".repeat(2e6)', 'script-result-too-large'],
  ]
  it.each(cases)('%s', async (_name, code, ...codes) => {
    const timeoutMs = codes.includes('script-timeout') ? 250 : 20_000
    expect(codes).toContain((await failure(code, { timeoutMs, memoryMb: 32 })).code)
    expect(await result('return "alive"')).toBe('alive')
  })

  it('loses log lines beyond the cap, not the result', async () => {
    const answer = await sandbox.run(
      'for (let i = 0; i < 5000; i++) console.log("x".repeat(3000)); return 1',
      {},
    )
    expect(answer.log).toHaveLength(1001)
    expect(answer.log[0]).toHaveLength(2000)
    expect(answer.log.at(-1)).toBe('[further lines dropped]')
    expect(answer.result).toBe(1)
  })

  it('does not slow down others: many at once all end', async () => {
    const runs = Array.from({ length: 12 }, (_, n) =>
      n % 3 ? result(`return ${n}`) : failure('for (;;);', { timeoutMs: 50 }),
    )
    const ends = await Promise.all(runs)
    expect(ends.filter((end) => typeof end === 'number')).toEqual([1, 2, 4, 5, 7, 8, 10, 11])
  })
})

describe('isolation', () => {
  it('shows a script nothing of the scripts before it', async () => {
    const one = createSandbox({ size: 1 })
    await one.run(
      'globalThis.left = 1; Object.prototype.left = 2; Array.prototype.map = () => "mine"; JSON.stringify = () => "{}"; console.log = () => {}',
      { secret: 's' },
    )
    const answer = await one.run(
      'console.log("x"); return [typeof left, ({}).left ?? null, [1].map((n) => n + 1), typeof secret, JSON.stringify([1])]',
      {},
    )
    await one.close()
    expect(answer).toEqual({ result: ['undefined', null, [2], 'undefined', '[1]'], log: ['x'] })
  })

  it('stops a running script when its signal is aborted', async () => {
    const stop = new AbortController()
    const running = sandbox.run('for (;;);', {}, { timeoutMs: 60_000, signal: stop.signal })
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'script-canceled' })
  })

  it('stops running and waiting scripts on close and leaves no folder behind', async () => {
    const one = createSandbox({ size: 1 })
    await one.run('', {})
    const mine = () => readdirSync(tmpdir()).filter((name) => name.startsWith('fermata-sandbox-'))
    const before = mine().length
    const runs = [0, 1, 2].map(() => one.run('for (;;);', {}, { timeoutMs: 60_000 }))
    const ends = Promise.allSettled(runs)
    await one.close()
    expect((await ends).map((end) => end.status === 'rejected' && end.reason.code)).toEqual(
      Array(3).fill('script-canceled'),
    )
    expect(mine().length).toBeLessThan(before)
  })

  it('goes on after its child is used up', async () => {
    const one = createSandbox({ size: 1 })
    const ends: unknown[] = []
    for (let n = 0; n < 55; n += 1) ends.push((await one.run('return n', { n })).result)
    await one.close()
    expect(ends).toEqual(Array.from({ length: 55 }, (_, n) => n))
  })
})

describe.runIf(process.platform === 'linux')('a child', () => {
  it('has no environment, an empty folder and a confined node', async () => {
    await sandbox.run('return 1', {})
    const pids = readdirSync(`/proc/${process.pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8').trim().split(' '),
    )
    const read = (pid: string, name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0')
    const children = pids.filter(
      (pid) => pid && read(pid, 'cmdline').some((part) => part.endsWith('entry.ts')),
    )
    expect(children.length).toBeGreaterThan(0)
    for (const pid of children) {
      const names = read(pid, 'environ').map((line) => line.split('=')[0])
      expect(names.filter((name) => name && !name.startsWith('NODE_CHANNEL_'))).toEqual([])
      expect(readdirSync(readlinkSync(`/proc/${pid}/cwd`))).toEqual([])
      expect(read(pid, 'cmdline')).toContain('--permission')
    }
  })
})
