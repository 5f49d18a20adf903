import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Client } from '../../client/client.ts'
import type { Io } from '../io.ts'
import type { Offer } from './offers.ts'
import { openDesk } from './open-desk.ts'

/** A desk with a retry and a skip; `done` tells which were performed, and why. */
function sitDown() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const io = { env: {}, stdin, stdout: new PassThrough(), stderr: new PassThrough() } as unknown as Io
  const done: string[] = []
  let shown: readonly string[] = []
  const view = {
    show() {},
    end() {},
    prompt(lines: readonly string[]) {
      shown = lines
    },
  }
  const leaving = new AbortController()
  const desk = openDesk({ io, client: {} as Client, view, leaving })
  const offer = (label: string, more: Partial<Offer> = {}): Offer => ({
    label,
    command: label,
    perform: async (_client, reason) => void done.push(`${label}: ${reason}`),
    ...more,
  })
  desk.offer([offer('retry'), offer('skip', { asksWhy: true })])
  const press = (keys: string) => void stdin.emit('data', Buffer.from(keys))
  return { press, done, leaving, shown: () => shown.join('\n') }
}

describe('what is done by a key', () => {
  it('is done at once when it need not say why', () => {
    const { press, done } = sitDown()
    press('1')
    expect(done).toEqual(['retry: From the command line'])
  })

  it('asks why it overrules the workflow, and takes any letter for a part of it', () => {
    const { press, done, leaving, shown } = sitDown()
    press('2')
    press('\r')
    expect(done).toEqual([])
    press('q 1Дx\u007f')
    expect(shown()).toContain('skip. Why? q 1Д')
    press('\r')
    expect(done).toEqual(['skip: q 1Д'])
    expect(leaving.signal.aborted).toBe(false)
  })

  it('is left by Esc, and the desk by q', () => {
    const { press, done, leaving } = sitDown()
    press('2no\u001b')
    press('q')
    expect(done).toEqual([])
    expect(leaving.signal.aborted).toBe(true)
  })
})
