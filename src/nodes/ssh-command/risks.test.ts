import { describe, expect, it } from 'vitest'
import { findShellRisks } from './risks.ts'

const rulesIn = (command: string) => findShellRisks(command).map(({ rule }) => rule)

describe('what ruins a host is found', () => {
  it.each([
    ['remove-root', 'rm -rf /'],
    ['remove-root', 'rm -rf --no-preserve-root /*'],
    ['remove-root', '/bin/rm -r -f /etc'],
    ['remove-root', 'rm --recursive "/var/"'],
    ['remove-root', "rm -fr '/'"],
    ['remove-root', 'rm -rf /var/../*'],
    ['remove-root', 'rm -rf $DIR/*'],
    ['remove-root', `rm -rf "\${DIR}/"`],
    ['remove-root', 'rm -rf ~'],
    ['remove-root', 'cd /srv && sudo -u root rm -rf /usr'],
    ['remove-root', 'LANG=C timeout -s KILL 5 nice -n 5 rm -rf /home'],
    ['remove-root', 'if true; then rm -rf /; fi'],
    ['remove-root', "bash -c 'cd x; rm -rf /'"],
    ['remove-root', 'echo "$(rm -rf /)"'],
    ['remove-root', 'x=$(rm -rf /)'],
    ['remove-root', 'bash <<END\nrm -rf /\nEND'],
    ['remove-root', 'rm \\\n  -rf /'],
    ['remove-root', 'eval "rm -rf /"'],
    ['own-root', 'chmod -R 777 /'],
    ['own-root', 'chown -R nobody: /usr'],
    ['format-device', 'mkfs.ext4 /dev/sdb1'],
    ['format-device', 'wipefs -a /dev/sda'],
    ['write-device', 'dd if=/dev/zero of=/dev/sda bs=1M'],
    ['write-device', 'cat image > /dev/nvme0n1'],
    ['write-device', 'echo x >/dev/sda'],
    ['write-device', 'cat image | sudo tee /dev/vda'],
    ['power-off', 'shutdown -h now'],
    ['power-off', 'sudo systemctl --no-wall reboot'],
    ['power-off', 'sleep 5; reboot &'],
    ['power-off', 'init 6'],
    ['drop-database', 'psql -c "drop database shop"'],
    ['fork-bomb', ':(){ :|:& };:'],
    ['fork-bomb', 'bomb() { bomb | bomb & }; bomb'],
  ])('%s: %s', (rule, command) => {
    expect(rulesIn(command)).toEqual([rule])
  })
})

describe('what only looks so is not', () => {
  it.each([
    'echo "rm -rf /"',
    "printf '%s' 'shutdown now'",
    '# rm -rf /\nuptime',
    'uptime # reboot',
    'cat <<END > notes\nrm -rf /\nreboot\nEND\nuptime',
    'rm -rf /var/log/app/old',
    'rm -rf /tmp/*',
    'rm -rf ./build',
    `rm -rf "\${DIR:?}/"`,
    'rm -rf $DIR',
    'rm -rf "$DIR"/cache',
    'rm -f /etc',
    'rm /-rf',
    'chmod -R 755 /srv/www',
    'chmod 777 /srv',
    'dd if=/dev/sda of=/backup/sda.img',
    'dd if=/dev/zero of=/dev/null count=1',
    'grep -r x /etc 2>/dev/null >&2',
    'last reboot',
    'if grep -q reboot /var/run/reboot-required; then echo yes; fi',
    'shutdown -c',
    'systemctl restart nginx && systemctl is-active nginx',
    'which mkfs > "/dev/null"',
    'echo > /dev/tcp/db/5432',
    "echo 'unfinished",
    '',
  ])('%s', (command) => {
    expect(rulesIn(command)).toEqual([])
  })
})

it('says what was found in which line, in the order of the lines', () => {
  const command = 'uptime\nsudo reboot\n\nrm -rf / && echo done'
  expect(findShellRisks(command)).toMatchObject([
    { rule: 'power-off', found: 'sudo reboot', line: 2 },
    { rule: 'remove-root', found: 'rm -rf /', line: 4 },
  ])
})

it('ends soon with a long word, and with many commands', () => {
  expect(rulesIn(`echo ${'Zm9v'.repeat(24_000)} | base64 -d`)).toEqual([])
  expect(rulesIn(`${'a;'.repeat(49_000)}reboot`)).toEqual(['power-off'])
})

it('ends soon whatever it is given', () => {
  const bits = ['"', "'", '$(', '`', '\\', '<<', 'rm -rf ', '/', '\n', '(', ')', '>', '& ']
  const text = Array.from({ length: 30_000 }, (_, n) => bits[(n * 7 + (n >> 3)) % bits.length]).join('')
  expect(Array.isArray(findShellRisks(text))).toBe(true)
})
