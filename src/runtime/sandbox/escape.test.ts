// Scripts that try to get out, in our own words. Each may fail or return anything, but nothing it returns or
// logs may show the host: its canaries, its objects, its engine.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../core/json.ts'
import type { ScriptError } from './protocol.ts'
import { createSandbox } from './sandbox.ts'

const canary = 'canary-8f1c2e'
const folder = mkdtempSync(join(tmpdir(), 'fermata-canary-'))
const file = join(folder, 'canary.txt')
const sandbox = createSandbox({ size: 2 })

beforeAll(() => {
  writeFileSync(file, canary)
  process.env.FERMATA_CANARY = canary
})
afterAll(async () => {
  await sandbox.close()
  delete process.env.FERMATA_CANARY
  rmSync(folder, { recursive: true })
})

/** What a script would do with a function constructor of the host. */
const use = `const use = (F) => {
  const seen = []
  for (const body of [
    'return process.env.FERMATA_CANARY',
    'return process.version',
    'return typeof process',
    'return require("fs").readFileSync(file, "utf8")',
    'return process.mainModule.require("child_process").execSync("id")',
    'return process.binding("fs")',
    'return process.getBuiltinModule("node:fs").readFileSync(file, "utf8")',
    'return typeof Buffer + typeof fetch + typeof require + typeof WebAssembly + typeof setTimeout',
  ]) { try { seen.push(String(F(body)())) } catch (error) { seen.push('threw') } }
  return seen
}
`

const throughConstructors: Record<string, string> = {
  this: 'this.constructor.constructor',
  'the global object': 'globalThis.constructor.constructor',
  'an argument': 'inputs.constructor.constructor',
  'a list argument': 'list.map.constructor',
  'a text argument': 'file.constructor.constructor',
  'a nested argument': 'inputs.deep.deeper.constructor.constructor',
  console: 'console.constructor.constructor',
  'console.log': 'console.log.constructor',
  'console.log, called': 'console.log("x")?.constructor?.constructor ?? console.log.constructor',
  'an object literal': '({}).constructor.constructor',
  'a computed key': '({})["con" + "structor"]["constr" + "uctor"]',
  'an escaped key': '({})["\\u0063onstructor"]["\\x63onstructor"]',
  'a template key': `({})[\`\${"constructor"}\`][\`\${["constructor"]}\`]`,
  'an array key': '({})[["constructor"]][["constructor"]]',
  'an arrow function': '(() => {}).constructor',
  'an async function': '(async () => {}).constructor',
  'a generator': '(function* () {}).constructor',
  'an async generator': '(async function* () {}).constructor',
  'a class': '(class {}).constructor',
  'a method': '({ m() {} }).m.constructor',
  'a getter': 'Object.getOwnPropertyDescriptor({ get a() { return 1 } }, "a").get.constructor',
  'a bound function': '(function () {}).bind().constructor',
  'a promise': 'Promise.resolve().constructor.constructor',
  'a then': 'Promise.prototype.then.constructor',
  'an awaited value': '(await Promise.resolve(inputs)).constructor.constructor',
  'a proxy': 'new Proxy(function () {}, {}).constructor',
  Reflect: 'Reflect.get(Reflect.getPrototypeOf(() => {}), "constructor")',
  'Reflect.construct': '((body) => Reflect.construct(Function, [body]))',
  'indirect eval': '((body) => (0, eval)("(function(){" + body + "})"))',
  'a regular expression': '/x/.exec.constructor',
  'a symbol': 'Symbol("x").constructor.constructor',
  'a date': 'new Date().constructor.constructor',
  JSON: 'JSON.parse.constructor',
  'an error': '(() => { try { null.x } catch (error) { return error.constructor.constructor } })()',
  'a deep stack error':
    '(() => { const f = () => f(); try { f() } catch (error) { return error.constructor.constructor } })()',
  'a syntax error': '(() => { try { eval("(") } catch (error) { return error.constructor.constructor } })()',
  'a range error of a native':
    '(() => { try { [].length = -1 } catch (error) { return error.constructor.constructor } })()',
  'an error thrown by JSON':
    '(() => { try { JSON.parse("{") } catch (error) { return error.constructor.constructor } })()',
  'an aggregate error':
    '(await Promise.any([Promise.reject(1)]).catch((error) => error)).constructor.constructor',
  arguments: '(function () { return arguments.constructor.constructor })()',
  'a callee': '(function () { return arguments.callee.constructor })()',
  'a sort comparator':
    '(() => { let F; [2, 1].sort(function (a) { F = this?.constructor?.constructor ?? a.constructor.constructor; return 0 }); return F })()',
  'a species':
    '(() => { class A extends Array { static get [Symbol.species]() { return Object } } return new A(1).map((x) => x).constructor.constructor })()',
  'a tagged template': '((strings) => strings.constructor.constructor)`x`',
  toPrimitive:
    '(() => { let F; +{ [Symbol.toPrimitive](hint) { F = hint.constructor.constructor; return "" } }; return F })()',
  'a thenable':
    'await { then(resolve) { const F = resolve.constructor; resolve({ F, then: undefined }) } }.F ?? (() => {}).constructor',
  'yield*':
    'await (async () => { const g = (async function* () { yield* { [Symbol.asyncIterator]() { return { next: () => ({ done: true, value: 1 }) } } } })(); return (await g.next()).constructor.constructor })()',
  with: 'new Function("with (globalThis) { return constructor.constructor }")()',
  'a caller':
    '(() => { function f() { try { return f.caller.constructor } catch { return Function } } return f() })()',
  prepareStackTrace:
    '(() => { let F = Function; Error.prepareStackTrace = (error, frames) => { F = frames?.[0]?.getThis?.()?.constructor?.constructor ?? F; return "" }; try { null.x } catch (error) { error.stack } return F })()',
  captureStackTrace:
    '(() => { const o = {}; Error.captureStackTrace?.(o); return (o.stack ?? "").constructor.constructor })()',
}

const otherWays: Record<string, string> = {
  'dynamic import of a module': 'return Object.keys(await import("node:fs"))',
  'dynamic import with comments': 'return Object.keys(await import/* x */(/* y */ "fs"))',
  'dynamic import of a file': 'return (await import(file)).default',
  'dynamic import by eval': 'return await eval("import(\'node:process\')")',
  require: 'return require("fs").readFileSync(file, "utf8")',
  module: 'return module.constructor._load("fs")',
  process: 'return process.env',
  'QuickJS std': 'return std.loadFile(file)',
  'QuickJS os': 'return os.exec(["id"])',
  'QuickJS std by import': 'return (await import("std")).loadFile(file)',
  bjson: 'return bjson.read(new ArrayBuffer(8), 0, 8)',
  fetch: 'return (await fetch("http://127.0.0.1:80")).status',
  XMLHttpRequest: 'return new XMLHttpRequest()',
  WebAssembly: 'return new WebAssembly.Memory({ initial: 1 })',
  'shared memory': 'return new SharedArrayBuffer(8).byteLength',
  'Atomics.wait': 'return Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 1e9)',
  Worker: 'return new Worker(file)',
  'Deno and Bun': 'return [typeof Deno, typeof Bun]',
  'the emit function': 'return typeof emit + typeof argsText + typeof prelude',
  'closing the function early':
    '}); globalThis.out = typeof process; (async function () { return [globalThis.out, typeof emit]',
  'closing the function with a comment': '}) /*\n*/; ((emit) => { return typeof emit })(); (function () {',
  'replacing stringify': 'JSON.stringify = () => "=null"; return { a: 1 }',
  'a result like an error of the prelude': 'return "={\\"phase\\":\\"run\\"}"',
  'an own toJSON on every object':
    'Object.prototype.toJSON = function () { return "=" + file.length }; return {}',
  'an unknown getter on Object.prototype':
    'Object.defineProperty(Object.prototype, "__proto__", { get() { return null } }); return { a: 1 }',
  'a setter for then': 'Object.prototype.then = function (resolve) { resolve("taken") }; return {}',
  'a log line that is an object with a toString':
    'console.log({ toString() { throw new Error("x") }, toJSON() { throw 1 } }); return 1',
  'log of a proxy': 'console.log(new Proxy({}, { get() { throw new Error("trap") } })); return 1',
  'an error with a poisoned stack':
    'throw Object.defineProperty(new Error("x"), "stack", { get() { return { toString() { throw 2 } } } })',
  'a thrown proxy': 'throw new Proxy(new Error("x"), { get() { throw 3 }, getPrototypeOf() { throw 4 } })',
  'own hasInstance':
    'Object.defineProperty(Error, Symbol.hasInstance, { value: () => true }); throw { name: file }',
  'a revoked proxy as result': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy',
  'the finaliser': 'new FinalizationRegistry(() => { globalThis.x = 1 }).register({}, 1); return 1',
}

async function attempt(code: string): Promise<Json> {
  const args = { file, inputs: { deep: { deeper: {} } }, list: [1] }
  const end = await sandbox.run(code, args).then(
    (answer) => ({ result: answer.result, log: answer.log }),
    (error: ScriptError) => ({ code: error.code, message: error.message, log: [...error.log] }),
  )
  return end as unknown as Json
}

const hostTraces = [canary, process.version, 'file://', 'entry.ts', 'evaluate.ts', '"object"', 'uid=']

function expectNothingOfTheHost(end: Json): void {
  const text = JSON.stringify(end)
  for (const trace of hostTraces) expect(text).not.toContain(trace)
  if (end && typeof end === 'object' && 'code' in end)
    expect(end.code).toMatch(/^script-(error|syntax|stuck)$/)
  expect(({} as Record<string, unknown>).then ?? ({} as Record<string, unknown>).toJSON).toBeUndefined()
}

describe('a function constructor reached through', () => {
  it.each(Object.entries(throughConstructors))('%s', async (_name, expression) => {
    const end = await attempt(`${use}return use(${expression})`)
    expectNothingOfTheHost(end)
    const seen = (end as { result?: string[] }).result ?? []
    for (const one of seen)
      expect(one).toMatch(/^(threw|undefined|(undefined)+|\[object (Promise|Generator|AsyncGenerator)\])$/)
  })
})

describe('a way out by', () => {
  it.each(Object.entries(otherWays))('%s', async (_name, code) => {
    expectNothingOfTheHost(await attempt(code))
  })

  it('leaves the host as it was', () => {
    expect(readFileSync(file, 'utf8')).toBe(canary)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
