import { describe, expect, it } from 'vitest'
import { makeWorld } from '../make-world.ts'
import type { World } from '../world.ts'
import { runLine } from './run-line.ts'

async function run(line: string, id = 'pay-01', world: World = makeWorld()) {
  const answer = { code: -1, stdout: '', stderr: '' }
  const host = world.hosts[id]
  if (!host) throw new Error('no such host')
  answer.code = await runLine(
    {
      host,
      user: 'fermata',
      variables: {},
      pace: 0,
      signal: new AbortController().signal,
      stdout: (text) => {
        answer.stdout += text
      },
      stderr: (text) => {
        answer.stderr += text
      },
    },
    line,
  )
  return answer
}

describe('the simulated shell', () => {
  it.each([
    ['echo one; echo two', 'one\ntwo\n', 0],
    ['true && echo yes || echo no', 'yes\n', 0],
    ['false && echo yes || echo no', 'no\n', 0],
    ['false; echo $?', '1\n', 0],
    [`echo 'a; b' "c && d" e\\ f`, 'a; b c && d e f\n', 0],
    [`echo 'it'\\''s'`, "it's\n", 0],
    ['NAME=x; echo "$NAME-$USER" \'$NAME\'', 'x-fermata $NAME\n', 0],
    ['echo hidden > /dev/null', '', 0],
    ['nothing 2>/dev/null || echo missing', 'missing\n', 0],
    ['nothing 2>&1 | wc -l', '1\n', 0],
    ['echo x > /tmp/a; echo y >> /tmp/a; cat /tmp/a', 'x\ny\n', 0],
    ['ls /var/log | grep pay-api.log. | wc -l', '3\n', 0],
    ['ls /var/log | head -n 1', '/var/log/messages\n', 0],
    ['true &&\n  echo next', 'next\n', 0],
    ['# nothing', '', 0],
    ['sudo systemctl is-active pay-api', 'active\n', 0],
    ["sh -c 'echo inner; exit_not_known' 2>/dev/null || echo outer", 'inner\nouter\n', 0],
    ['test -f /var/log/messages && [ 3 -lt 4 ] && echo ok', 'ok\n', 0],
    ['grep nothing /var/log/messages', '', 1],
    ['exit_not_known', '', 127],
    ['systemctl restart nothing', '', 5],
    ['constructor', '', 127],
  ])('%s', async (line, stdout, code) => {
    expect(await run(line)).toMatchObject({ stdout, code })
  })

  it.each(['echo $(reboot)', 'a && || b', 'echo `x`', '(true)', 'true &&', 'true | | true', '>'])(
    'answers what it cannot read with exit code 2: %s',
    async (line) => {
      expect(await run(line)).toMatchObject({ code: 2, stdout: '' })
    },
  )

  it('shows a service as systemd does', async () => {
    const answer = await run('systemctl status pay-api --no-pager')
    expect(answer.stdout).toContain('● pay-api.service - Payment API')
    expect(answer.stdout).toContain('active (running)')
  })

  it('restarts a host, which is back at once', async () => {
    const world = makeWorld()
    expect(await run("sudo shutdown -r now 'Kernel update'", 'pay-01', world)).toMatchObject({ code: 0 })
    expect(Date.now() - (world.hosts['pay-01']?.bootedAt ?? 0)).toBeLessThan(60_000)
    expect(world.hosts['pay-01']?.journal.at(-1)).toContain('System is rebooting. Kernel update')
    expect(await run('shutdown now')).toMatchObject({ code: 1 })
  })

  it('removes log files only, and frees the disk by what they held', async () => {
    const world = makeWorld()
    expect((await run('rm /var/log/nothing', 'pay-03', world)).stderr).toContain('No such file')
    expect((await run('rm -rf /etc', 'pay-03', world)).code).toBe(1)
    expect((await run('rm /var/log/pay-api', 'pay-03', world)).stderr).toContain('Is a directory')
    expect((await run('rm -r /var/log/pay-api && df -h', 'pay-03', world)).stdout).toMatch(/ 4\d% \//)
  })

  it('patches a host, except where a lock was left', async () => {
    const world = makeWorld()
    expect((await run('patch-tool check', 'crm-01', world)).stdout).toContain('openssl-libs')
    expect((await run('dnf -y update', 'crm-01', world)).stdout).toContain('Complete!')
    expect((await run('patch-tool level', 'crm-01', world)).stdout).toBe('2025.09\n')
    const locked = await run('patch-tool apply', 'crm-02', world)
    expect(locked).toMatchObject({ code: 1 })
    expect(locked.stderr).toContain('transaction lock')
    await run('rm -f /var/lib/dnf/transaction.lock', 'crm-02', world)
    expect((await run('patch-tool apply', 'crm-02', world)).code).toBe(0)
  })
})
