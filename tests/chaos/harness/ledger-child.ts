// The world outside: a process of its own that writes down every call, on the disk before it answers.
import { open } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { LedgerCall, LedgerLine } from './ledger.ts'

const file = await open(process.argv[2] ?? '', 'a')
let waiting: { line: LedgerLine; written(): void }[] = []
let isWriting = false

/** Resolves once the line is on the disk; lines that come together share one flush. */
function write(line: LedgerLine): Promise<void> {
  return new Promise((written) => {
    waiting.push({ line, written })
    if (!isWriting) void flush()
  })
}

async function flush(): Promise<void> {
  isWriting = true
  while (waiting.length > 0) {
    const batch = waiting
    waiting = []
    await file.appendFile(batch.map(({ line }) => `${JSON.stringify(line)}\n`).join(''))
    await file.datasync()
    for (const { written } of batch) written()
  }
  isWriting = false
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const t = Date.now()
  const { behave, ...call } = JSON.parse(await readBody(request)) as LedgerCall
  await write({ t, ...call })
  if (behave.hang) return
  if (behave.ms) await pause(behave.ms)
  response.writeHead(behave.fail ? 500 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(behave.fail ? { kind: behave.fail } : { taken: true }))
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
