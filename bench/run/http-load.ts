// The load generator, a process of its own: the same request on kept-alive connections, each waiting for its answer.
// Plain sockets, so that it takes little of the cores it shares with what it measures. argv[2] = HttpLoad as JSON.
import { connect, type Socket } from 'node:net'
import { percentile } from './median.ts'

export interface HttpLoad {
  url: string
  headers: Record<string, string>
  body: string
  connections: number
  ms: number
}

export interface HttpFigures {
  answers: number
  seconds: number
  /** Milliseconds. */
  p50: number
  p99: number
  cpu: number
}

const load = JSON.parse(process.argv[2] ?? '') as HttpLoad
const { hostname, port, pathname, host } = new URL(load.url)
const head = Object.entries({ ...load.headers, host, 'content-length': `${Buffer.byteLength(load.body)}` })
const request = Buffer.from(
  `POST ${pathname} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${load.body}`,
)

/** Calls back with each whole answer; ours and the bare server say how long their bodies are. */
function onAnswers(socket: Socket, callback: (status: number, text: string) => void): void {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(text.match(/content-length: (\d+)/i)?.[1])
    if (text.length < end + 4 + length) return
    const answer = text
    text = ''
    callback(Number(answer.slice(9, 12)), answer)
  })
}

function keepAsking(until: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    let asked = 0
    const ask = () => {
      asked = performance.now()
      socket.write(request)
    }
    onAnswers(socket, (status, text) => {
      const now = performance.now()
      if (status < 200 || status > 299) return reject(new Error(text.slice(0, 500)))
      latencies.push(now - asked)
      if (now < until) return ask()
      socket.end()
      resolve()
    })
    socket.on('connect', ask).on('error', reject)
  })
}

const started = performance.now()
const cpu = process.cpuUsage()
const latencies: number[] = []
const loops = Array.from({ length: load.connections }, () => keepAsking(started + load.ms, latencies))
await Promise.all(loops)
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(cpu)
const figures: HttpFigures = {
  ...{ answers: latencies.length, seconds, cpu: (user + system) / 1e6 },
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
}
process.stdout.write(JSON.stringify(figures))
