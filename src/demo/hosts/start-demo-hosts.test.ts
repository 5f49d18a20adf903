import ssh2 from 'ssh2'
import { afterEach, describe, expect, it } from 'vitest'
import { type DemoHosts, type DemoHostsState, startDemoHosts } from './start-demo-hosts.ts'

interface Answer {
  code: number
  stdout: string
  stderr: string
}

let open: DemoHosts[] = []
afterEach(async () => {
  await Promise.all(open.map((hosts) => hosts.close()))
  open = []
})

async function start(state?: DemoHostsState): Promise<DemoHosts> {
  const hosts = await startDemoHosts({ state, pace: 0 })
  open.push(hosts)
  return hosts
}

function connect(hosts: DemoHosts, id: string, password = hosts.credentials.password) {
  const host = hosts.hosts.find((one) => one.id === id)
  const client = new ssh2.Client()
  const seen = { key: '' }
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve)
    client.on('error', reject)
  })
  client.connect({
    host: '127.0.0.1',
    port: host?.port ?? 0,
    username: hosts.credentials.user,
    password,
    hostVerifier: (key: Buffer) => {
      seen.key = key.toString('base64')
      return true
    },
  })
  return { client, ready, seen }
}

async function ssh(hosts: DemoHosts, id: string, command: string): Promise<Answer> {
  const { client, ready } = connect(hosts, id)
  await ready
  try {
    return await new Promise<Answer>((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        const answer = { code: -1, stdout: '', stderr: '' }
        channel.on('data', (chunk: Buffer) => {
          answer.stdout += chunk
        })
        channel.stderr.on('data', (chunk: Buffer) => {
          answer.stderr += chunk
        })
        channel.on('exit', (code: number) => {
          answer.code = code
        })
        channel.on('close', () => resolve(answer))
      })
    })
  } finally {
    client.end()
  }
}

describe('demo hosts over SSH', () => {
  it('are at least eight, each with a port and a host key of its own', async () => {
    const hosts = await start()
    expect(hosts.hosts.length).toBeGreaterThanOrEqual(8)
    expect(new Set(hosts.hosts.map((host) => host.port)).size).toBe(hosts.hosts.length)
    const keys = await Promise.all(
      ['pay-01', 'pay-02'].map(async (id) => {
        const { client, ready, seen } = connect(hosts, id)
        await ready
        client.end()
        return seen.key
      }),
    )
    expect(keys[0]).not.toBe(keys[1])
  })

  it('let nobody in with a wrong password', async () => {
    const hosts = await start()
    const { ready } = connect(hosts, 'pay-01', 'wrong')
    await expect(ready).rejects.toThrow(/authentication/i)
  })

  it('remember what was done in an earlier session', async () => {
    const hosts = await start()
    expect(await ssh(hosts, 'pay-01', 'systemctl is-active pay-api')).toMatchObject({
      code: 0,
      stdout: 'active\n',
    })
    await ssh(hosts, 'pay-01', 'systemctl stop pay-api')
    expect(await ssh(hosts, 'pay-01', 'systemctl is-active pay-api')).toMatchObject({
      code: 3,
      stdout: 'inactive\n',
    })
    expect((await ssh(hosts, 'pay-02', 'systemctl is-active pay-api')).code).toBe(0)
  })

  it('refuse to restart a service on a full disk until it is cleaned', async () => {
    const hosts = await start()
    expect((await ssh(hosts, 'pay-03', 'df -h /')).stdout).toContain('98%')
    const failed = await ssh(hosts, 'pay-03', "systemctl restart 'pay-api'")
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('No space left on device')
    expect((await ssh(hosts, 'pay-02', "systemctl restart 'pay-api'")).code).toBe(0)

    expect((await ssh(hosts, 'pay-03', 'rm -f /var/log/pay-api/*.log.?')).code).toBe(0)
    expect((await ssh(hosts, 'pay-03', 'df --output=pcent / | tail -1')).stdout).not.toContain('98%')
    expect((await ssh(hosts, 'pay-03', 'systemctl restart pay-api')).code).toBe(0)
  })

  it('keep ports, keys, password and the clean disk over a restart', async () => {
    const first = await start()
    await ssh(first, 'pay-03', 'rm -rf /var/log/pay-api')
    const keyBefore = connect(first, 'pay-03')
    await keyBefore.ready
    keyBefore.client.end()
    await first.close()
    const second = await start(JSON.parse(JSON.stringify(first.state)))
    expect(second.hosts).toEqual(first.hosts)
    const keyAfter = connect(second, 'pay-03')
    await keyAfter.ready
    keyAfter.client.end()
    expect(keyAfter.seen.key).toBe(keyBefore.seen.key)
    expect((await ssh(second, 'pay-03', 'systemctl restart pay-api')).code).toBe(0)
  })

  it('choose another port when theirs is taken', async () => {
    const first = await start()
    const second = await start(JSON.parse(JSON.stringify(first.state)))
    expect(second.hosts[0]?.port).not.toBe(first.hosts[0]?.port)
    expect((await ssh(second, 'pay-01', 'hostname')).stdout).toBe('pay-01\n')
  })

  it('tell their state to whoever keeps it', async () => {
    const saved: string[] = []
    const hosts = await startDemoHosts({ pace: 0, save: (state) => void saved.push(JSON.stringify(state)) })
    open.push(hosts)
    await ssh(hosts, 'shop-01', 'systemctl stop shop-cart')
    await hosts.close()
    const last = JSON.parse(saved.at(-1) ?? '{}') as DemoHostsState
    expect(last.world.hosts['shop-01']?.services['shop-cart']?.state).toBe('inactive')
  })

  it('offer an interactive shell', async () => {
    const hosts = await start()
    const { client, ready } = connect(hosts, 'shop-02')
    await ready
    const text = await new Promise<string>((resolve, reject) => {
      client.shell((error, channel) => {
        if (error) return reject(error)
        let seen = ''
        channel.on('data', (chunk: Buffer) => {
          seen += chunk
        })
        channel.on('close', () => resolve(seen))
        channel.write('rm /var/log/shop-front/shop-front.log.1\rhostname\rexit\r')
      })
    })
    client.end()
    expect(text).toContain('shop-02\r\n')
    expect(hosts.state.world.hosts['shop-02']?.files).not.toHaveProperty([
      '/var/log/shop-front/shop-front.log.1',
    ])
  })
})

describe('demo hosts over HTTP', () => {
  const call = async (hosts: DemoHosts, method: string, path: string, body?: object) => {
    const answer = await fetch(`${hosts.httpUrl}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  it('drain and enable members of a pool', async () => {
    const hosts = await start()
    const drained = await call(hosts, 'POST', '/lb/pools/crm-web/members/crm-01/drain')
    expect(drained).toMatchObject({ status: 200, body: { state: 'drained' } })
    expect((await call(hosts, 'POST', '/lb/pools/crm-web/members/crm-01/enable')).status).toBe(200)
    expect((await call(hosts, 'GET', '/lb/pools/crm-web')).body).toEqual({
      pool: 'crm-web',
      members: { 'crm-01': 'enabled', 'crm-02': 'enabled' },
    })
    expect((await call(hosts, 'POST', '/lb/pools/none/members/x/drain')).status).toBe(404)
  })

  it('report the health that SSH commands leave behind', async () => {
    const hosts = await start()
    expect((await call(hosts, 'GET', '/monitor/crm-01/health?service=crm-web')).status).toBe(200)
    await ssh(hosts, 'crm-01', 'systemctl stop crm-web')
    const sick = await call(hosts, 'GET', '/monitor/crm-01/health?service=crm-web')
    expect(sick).toMatchObject({ status: 503, body: { problems: ['crm-web is inactive'] } })
    expect((await call(hosts, 'GET', '/monitor/pay-03/health')).body).toMatchObject({ status: 'critical' })
  })

  it('take mail and tickets and refuse what is not complete', async () => {
    const hosts = await start()
    expect((await call(hosts, 'POST', '/mail', { to: 'ops@example.com', subject: 'Hi' })).status).toBe(202)
    expect((await call(hosts, 'POST', '/mail', { subject: 'Hi' })).status).toBe(422)
    const ticket = await call(hosts, 'POST', '/tickets', { title: 'Disk full' })
    expect(ticket).toMatchObject({ status: 201, body: { id: 'INC-1041', status: 'open' } })
    const closed = await call(hosts, 'PATCH', '/tickets/INC-1041', { status: 'closed' })
    expect(closed.body.status).toBe('closed')
    expect((await call(hosts, 'DELETE', '/tickets')).status).toBe(405)
    expect((await call(hosts, 'GET', '/nowhere')).status).toBe(404)
  })
})
