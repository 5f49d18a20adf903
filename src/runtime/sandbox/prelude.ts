// JavaScript that runs inside QuickJS before the user's script. It takes the few intrinsics it needs before
// the script can replace them, and answers with JSON text only. Nothing of the host is reachable from here
// but `emit`, which takes one string.
import { sandboxLimits } from './protocol.ts'

export const prelude = `((argsText, code, emit) => {
  'use strict'
  const { stringify, parse } = JSON
  const { defineProperty, entries } = Object
  const text = String
  const BaseError = Error
  const AsyncFunction = (async () => {}).constructor
  const call = Function.prototype.call.bind(Function.prototype.call)
  const slice = String.prototype.slice
  const cut = (value, length) => call(slice, text(value), 0, length)
  const show = (value) => {
    try {
      if (typeof value === 'string') return cut(value, ${sandboxLimits.logLine})
      if (value instanceof BaseError) return cut(value.name + ': ' + value.message, ${sandboxLimits.logLine})
      return cut(stringify(value) ?? text(value), ${sandboxLimits.logLine})
    } catch {
      return '[unprintable]'
    }
  }
  let lines = 0
  const log = (...values) => {
    if (lines > ${sandboxLimits.logLines}) return
    lines += 1
    if (lines > ${sandboxLimits.logLines}) return emit('[further lines dropped]')
    let line = ''
    for (let at = 0; at < values.length; at += 1) line += (at === 0 ? '' : ' ') + show(values[at])
    emit(cut(line, ${sandboxLimits.logLine}))
  }
  const describe = (error) => {
    try {
      if (!(error instanceof BaseError)) return { name: 'thrown', message: show(error), stack: '' }
      return { name: cut(error.name, 100), message: cut(error.message, 2000), stack: cut(error.stack, 4000) }
    } catch {
      return { name: 'thrown', message: '[unprintable]', stack: '' }
    }
  }
  const define = (name, value) =>
    defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true })
  define('console', { log, info: log, warn: log, error: log, debug: log })
  for (const [name, value] of entries(parse(argsText))) define(name, value)
  const failed = (phase, error) => stringify({ __proto__: null, phase, error: describe(error) })
  let body
  try {
    body = new AsyncFunction(code)
  } catch (error) {
    return failed('compile', error)
  }
  const run = async () => {
    try {
      const result = stringify(await body()) ?? 'null'
      if (result.length > ${sandboxLimits.result}) return failed('size', null)
      return '=' + result
    } catch (error) {
      return failed('run', error)
    }
  }
  return run()
})`
