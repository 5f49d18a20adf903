// The services of one node run with a span around each call outside. What is asked and answered is in no span.
import { randomBytes } from 'node:crypto'
import type { HttpOptions } from '../../sdk/node-type.ts'
import type { Live } from '../live.ts'
import type { Services } from '../services.ts'
import { printTraceparent, type TraceContext } from './trace-context.ts'
import type { Traces } from './traces.ts'

export interface TracedRun {
  live: Live
  run: string
  attempt: number
  /** Node type. */
  type: string
}

type Attributes = Record<string, string | number>

export function traceServices(services: Services, traces: Traces, of: TracedRun): Services {
  const above = traces.contextOf(of.live, of)
  const below = (): TraceContext => ({ ...above, spanId: randomBytes(8).toString('hex') })

  /** Returns how to end the span; attributes added until then are told too. */
  function begin(name: string, attributes: Attributes, context = below()): (error?: unknown) => void {
    const startedAt = Date.now()
    let isOpen = true
    return (error) => {
      if (!isOpen) return
      isOpen = false
      const failed = error === undefined ? {} : { error: nameOf(error) }
      const times = { startedAt, endedAt: Date.now() }
      traces.tell({ name, kind: 'client', context, parent: above.spanId, ...times, ...failed, attributes })
    }
  }

  async function within<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
    const end = begin(name, attributes)
    try {
      const result = await work()
      end()
      return result
    } catch (error) {
      end(error)
      throw error
    }
  }

  return {
    ...services,
    async http(url, options, signal) {
      const context = below()
      const { method = 'GET' } = options
      const attributes: Attributes = { 'http.request.method': method, ...placeOf(url) }
      const end = begin(method, attributes, context)
      try {
        const answer = await services.http(url, carrying(options, context), signal)
        attributes['http.response.status_code'] = answer.status
        end(answer.status >= 400 ? answer.status : undefined)
        return answer
      } catch (error) {
        end(error)
        throw error
      }
    },
    sql: (authority, statement, options) => {
      const { connection = 'fermata' } = options
      const verb = /^\s*([a-z]+)/i.exec(statement.text)?.[1]?.toUpperCase() ?? 'SQL'
      const attributes = {
        'db.system.name': 'postgresql',
        'db.operation.name': verb,
        'db.namespace': connection,
      }
      return within(verb, attributes, () => services.sql(authority, statement, options))
    },
    script: (code, args, limits) => within('script', {}, () => services.script(code, args, limits)),
    // Until the connection is closed: what runs over it is one call, such as an SSH session.
    async connect(host, port, signal) {
      const name = of.type.startsWith('ssh') ? 'ssh' : 'connect'
      const end = begin(name, { 'server.address': host, 'server.port': port })
      try {
        const socket = await services.connect(host, port, signal)
        socket.once('error', end).once('close', () => end())
        return socket
      } catch (error) {
        end(error)
        throw error
      }
    },
  }
}

/** A header that the workflow sets itself stands. */
function carrying(options: HttpOptions, context: TraceContext): HttpOptions {
  const { headers = {} } = options
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'traceparent')) return options
  return { ...options, headers: { ...headers, traceparent: printTraceparent(context) } }
}

/** Without what may be secret in an address: user, password, query. */
function placeOf(url: string): Attributes {
  if (!URL.canParse(url)) return {}
  const { protocol, host, hostname, port, pathname } = new URL(url)
  const standard = protocol === 'https:' ? 443 : 80
  return {
    'url.full': `${protocol}//${host}${pathname}`,
    'server.address': hostname,
    'server.port': port === '' ? standard : Number(port),
  }
}

function nameOf(error: unknown): string {
  if (typeof error === 'number') return String(error)
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'error'
}
