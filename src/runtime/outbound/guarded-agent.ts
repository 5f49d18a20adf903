// The connector of undici, with every socket opened by the guard.
import { Agent, buildConnector } from 'undici'
import { type Guard, guardedConnect } from './guarded-connect.ts'

// No address is ever resolved below this line, and no proxy variable of the environment is looked at.
export function createAgent(guard: Guard): Agent {
  const upgrade = buildConnector({ allowH2: false, timeout: guard.connectTimeoutMs })
  return new Agent({
    allowH2: false,
    connections: 128,
    // `http` has one time limit of its own over everything.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      const isTls = options.protocol === 'https:'
      const port = Number(options.port) || (isTls ? 443 : 80)
      // A request that is given up ends itself; the connection then ends by its own time limit.
      guardedConnect(guard, { host: options.hostname, port }, new AbortController().signal).then(
        (socket) =>
          isTls
            ? upgrade({ ...options, httpSocket: socket }, callback)
            : callback(null, socket.setNoDelay(true)),
        (error: Error) => callback(error, null),
      )
    },
  })
}
