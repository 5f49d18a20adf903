// Stands between engines and database, and is told to be slow, to break, to fall silent, or to lose an answer.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  port: number
  /** Everything takes so long from now on; 0: as fast as it goes. */
  delay(ms: () => number): void
  /** Connections of now break. Returns how many there were. */
  reset(): number
  /** Nothing passes any more, and nobody is told; `reset` ends it. */
  silence(): void
  /** Lets the n-th next save pass and breaks the connection when its answer comes. */
  cutAfterCommit(nth: number): Promise<void>
  close(): Promise<void>
}

interface Link {
  near: Socket
  far: Socket
  isSilent: boolean
  /** What is delayed on its way to either side. */
  late: Map<Socket, Buffer[]>
  /** A save is on its way, and its answer is not to arrive. */
  losesAnswer?: () => void
}

/** Named statements are bound by name: it is in the bytes. */
const save = Buffer.from('save_')

export async function openProxy(socketPath: string): Promise<TcpProxy> {
  const links = new Set<Link>()
  let delayMs: () => number = () => 0
  let cut: { left: number; done(): void } | undefined
  const server = createServer((near) => open(near))

  function open(near: Socket): void {
    const link: Link = { near, far: connect(socketPath), isSilent: false, late: new Map() }
    links.add(link)
    near.on('data', (data) => {
      noticeSave(link, data)
      pass(link, link.far, data)
    })
    link.far.on('data', (data) => {
      if (!link.losesAnswer) return pass(link, near, data)
      link.losesAnswer()
      breakLink(link)
    })
    for (const socket of [near, link.far]) {
      socket.on('error', () => breakLink(link))
      socket.on('close', () => !link.isSilent && breakLink(link))
    }
  }

  function noticeSave(link: Link, data: Buffer): void {
    if (!cut || !data.includes(save) || --cut.left > 0) return
    link.losesAnswer = cut.done
    cut = undefined
  }

  /** Bytes of one connection never overtake one another: a timer lets through whatever is first. */
  function pass(link: Link, to: Socket, data: Buffer): void {
    if (link.isSilent) return
    const ms = delayMs()
    const queue = link.late.get(to) ?? []
    if (ms === 0 && queue.length === 0) return void to.write(data)
    link.late.set(to, queue)
    queue.push(data)
    setTimeout(() => {
      const first = queue.shift()
      if (first && to.writable) to.write(first)
    }, ms)
  }

  function breakLink(link: Link): void {
    links.delete(link)
    link.near.resetAndDestroy()
    link.far.destroy()
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    delay(ms) {
      delayMs = ms
    },
    reset() {
      const count = links.size
      for (const link of links) breakLink(link)
      return count
    },
    silence() {
      for (const link of links) link.isSilent = true
    },
    cutAfterCommit: (left) =>
      new Promise((done) => {
        cut = { left, done }
      }),
    async close() {
      for (const link of links) breakLink(link)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
