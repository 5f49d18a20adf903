// What the HTTP side of the data centre answers: load balancer, monitor, mail sink, tickets.
import type { Json, JsonObject } from '../../core/json.ts'
import { type SimulatedHost, usedPercent, type World } from './world.ts'

export interface HttpRequest {
  method: string
  path: string
  query: URLSearchParams
  body: JsonObject
}

export interface HttpReply {
  status: number
  body: Json
}

type Handler = (world: World, request: HttpRequest, parts: string[]) => HttpReply

const ok = (body: Json): HttpReply => ({ status: 200, body })
const missing = (what: string): HttpReply => ({ status: 404, body: { error: `${what} not found` } })

function own<T>(table: Record<string, T>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}

function text(value: Json | undefined, fallback = ''): string {
  return typeof value === 'string' ? value.slice(0, 10_000) : fallback
}

const showPool: Handler = (world, _request, [pool]) => {
  const members = own(world.pools, pool)
  return members ? ok({ pool: pool as string, members }) : missing(`pool ${pool}`)
}

const showMember: Handler = (world, _request, [pool, host]) => {
  const state = own(own(world.pools, pool) ?? {}, host)
  return state ? ok({ pool: pool as string, host: host as string, state }) : missing(`member ${host}`)
}

const moveMember: Handler = (world, _request, [pool, host, verb]) => {
  const members = own(world.pools, pool)
  if (!members || !own(members, host)) return missing(`member ${host} of pool ${pool}`)
  members[host as string] = verb === 'drain' ? 'drained' : 'enabled'
  return ok({ pool: pool as string, host: host as string, state: members[host as string] as string })
}

function problemsOf(host: SimulatedHost, services: string[]): string[] {
  const problems = services
    .filter((name) => host.services[name]?.state !== 'active')
    .map((name) => `${name} is ${host.services[name]?.state ?? 'unknown'}`)
  return usedPercent(host) >= 97 ? [...problems, `disk is ${usedPercent(host)} % full`] : problems
}

/** 200 when well, 503 when a service is down; `?service=` looks at that one service only, not at the disk. */
const showHealth: Handler = (world, request, [id]) => {
  const host = own(world.hosts, id)
  if (!host) return missing(`host ${id}`)
  const one = request.query.get('service')
  const problems = one
    ? problemsOf(host, [one]).filter((problem) => problem.startsWith(one))
    : problemsOf(host, Object.keys(host.services))
  const states = Object.entries(host.services).map(([name, service]) => [name, service.state])
  const body = {
    host: host.id,
    status: problems.length > 0 ? 'critical' : usedPercent(host) >= 85 ? 'warning' : 'ok',
    problems,
    diskUsed: usedPercent(host),
    patchLevel: host.patchLevel,
    services: Object.fromEntries(states) as JsonObject,
    silenced: own(world.silences, id) !== undefined,
  }
  return { status: problems.length > 0 ? 503 : 200, body }
}

const silence: Handler = (world, request, [id]) => {
  if (!own(world.hosts, id)) return missing(`host ${id}`)
  const minutes = Math.min(Math.max(Number(request.body.minutes) || 30, 1), 1440)
  const until = new Date(Date.now() + minutes * 60_000).toISOString()
  world.silences[id as string] = { until, reason: text(request.body.reason) }
  return ok({ host: id as string, silencedUntil: until })
}

const unsilence: Handler = (world, _request, [id]) => {
  if (!own(world.hosts, id)) return missing(`host ${id}`)
  delete world.silences[id as string]
  return ok({ host: id as string, silenced: false })
}

const sendMail: Handler = (world, request) => {
  const id = (world.mail.at(-1)?.id ?? 0) + 1
  const { to, subject, text: content } = request.body
  if (typeof to !== 'string' || !to.includes('@')) {
    return { status: 422, body: { error: '"to" must be a mail address' } }
  }
  world.mail.push({ id, to, subject: text(subject), text: text(content), at: new Date().toISOString() })
  if (world.mail.length > 100) world.mail.shift()
  return { status: 202, body: { id, accepted: to } }
}

const openTicket: Handler = (world, request) => {
  const title = text(request.body.title)
  if (title === '') return { status: 422, body: { error: '"title" is required' } }
  const last = Number(world.tickets.at(-1)?.id.slice(4) ?? 1040)
  const ticket = {
    id: `INC-${last + 1}`,
    title,
    description: text(request.body.description),
    priority: text(request.body.priority, 'normal'),
    status: 'open',
  }
  world.tickets.push(ticket)
  if (world.tickets.length > 100) world.tickets.shift()
  return { status: 201, body: ticket }
}

const changeTicket: Handler = (world, request, [id]) => {
  const ticket = world.tickets.find((one) => one.id === id)
  if (!ticket) return missing(`ticket ${id}`)
  ticket.status = text(request.body.status, ticket.status)
  return ok({ ...ticket })
}

const routes: [method: string, path: RegExp, handler: Handler][] = [
  ['GET', /^\/about$/, (world) => ok({ demo: world.id })],
  ['GET', /^\/lb\/pools$/, (world) => ok(world.pools)],
  ['GET', /^\/lb\/pools\/([^/]+)$/, showPool],
  ['GET', /^\/lb\/pools\/([^/]+)\/members\/([^/]+)$/, showMember],
  ['POST', /^\/lb\/pools\/([^/]+)\/members\/([^/]+)\/(drain|enable)$/, moveMember],
  ['GET', /^\/monitor\/([^/]+)\/health$/, showHealth],
  ['POST', /^\/monitor\/([^/]+)\/silence$/, silence],
  ['DELETE', /^\/monitor\/([^/]+)\/silence$/, unsilence],
  ['POST', /^\/mail$/, sendMail],
  ['GET', /^\/mail$/, (world) => ok(world.mail.map((mail) => ({ ...mail })))],
  ['POST', /^\/tickets$/, openTicket],
  ['GET', /^\/tickets$/, (world) => ok(world.tickets.map((ticket) => ({ ...ticket })))],
  ['PATCH', /^\/tickets\/([^/]+)$/, changeTicket],
]

export function answer(world: World, request: HttpRequest): HttpReply {
  const known = routes.filter(([, path]) => path.test(request.path))
  const route = known.find(([method]) => method === request.method)
  if (route) {
    const parts = (route[1].exec(request.path) ?? []).slice(1)
    return route[2](world, request, parts)
  }
  if (known.length > 0) return { status: 405, body: { error: `${request.method} is not possible here` } }
  return {
    status: 404,
    body: { error: 'not found', routes: routes.map(([method, path]) => `${method} ${path.source}`) },
  }
}
