import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Asks a server to end, and ends it when it does not: none may outlive the bench. */
export async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(timer)
}
