import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { renderShell, shellQuote } from './shell.ts'
import { parseTemplate } from './template.ts'

const render = (source: string, scope: JsonObject): string => renderShell(parseTemplate(source), scope)
const run = (command: string): string => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' })

describe('shellQuote', () => {
  it.each<[Json, string]>([
    ['nginx', "'nginx'"],
    ["it's", "'it'\\''s'"],
    ['', "''"],
    [null, "''"],
    [5, "'5'"],
    [true, "'true'"],
    [['a b', 'c', 1], "'a b' 'c' '1'"],
    [[], ''],
    [{ a: 1 }, `'{"a":1}'`],
  ])('%j', (value, expected) => {
    expect(shellQuote(value)).toBe(expected)
  })

  it('refuses what no argument can hold', () => {
    expect(() => shellQuote('a\0b')).toThrow('NUL')
  })
})

const nasty = [
  '$(echo RUN)',
  '`echo RUN`',
  "'; echo RUN; '",
  '"; echo RUN; "',
  '\'"\'"$(echo RUN)',
  '\\',
  "\\'$(echo RUN)",
  'a\nb',
  '\u0024{HOME}',
  '$HOME',
  '!!',
  '*',
  '~',
  '# x',
]

describe('renderShell', () => {
  const commands = [
    'printf %s {{ v }}',
    'printf %s "{{ v }}"',
    "printf %s '{{ v }}'",
    'printf %s ""{{ v }}""',
    'x={{ v }}; printf %s "$x"',
    'printf %s "$(printf %s. {{ v }} | sed \'$s/.$//\')"',
    'printf %s "$(printf %s. "{{ v }}" | sed \'$s/.$//\')"',
    '( printf %s {{ v }} )',
    'printf %s "$(( 1 ))" >/dev/null; printf %s {{ v }}',
    "# it's a comment\nprintf %s {{ v }}",
    'printf %s "it\'s" >/dev/null; printf %s {{ v }}',
    'printf %s \\" >/dev/null; printf %s {{ v }}',
    'y=`echo hi`; printf %s "{{ v }}"',
  ]

  it.each(commands)('%s prints the value and nothing else', (command) => {
    const all = nasty.map((value) => `${render(command, { v: value })}; printf '\\n--\\n'`).join('\n')
    expect(run(all)).toBe(nasty.map((value) => `${value}\n--\n`).join(''))
  })

  it('holds for random texts in all places', () => {
    const value = fc
      .string({ unit: fc.constantFrom(...'\'"\\$`(){}; \n#a!*'), maxLength: 12 })
      .filter((text) => !text.endsWith('\n'))
    const cases = fc.sample(fc.tuple(fc.constantFrom(...commands), value), {
      numRuns: 300,
      seed: 7,
    })
    const script = cases
      .map(([command, text]) => `${render(command, { v: text })}; printf '\\n--\\n'`)
      .join('\n')
    expect(run(script)).toBe(cases.map(([, text]) => `${text}\n--\n`).join(''))
  })

  it('keeps text around a hole in one word with it', () => {
    expect(run(render('printf "<%s>" --name={{ v }} "a {{ v }} b"', { v: 'x y' }))).toBe(
      '<--name=x y><a x y b>',
    )
    expect(run(render('printf "<%s>" {{ v }}', { v: ['a b', 'c'] }))).toBe('<a b><c>')
    expect(run(render('printf "<%s>" "{{ v }}"', { v: ['a b', 'c'] }))).toBe('<a b c>')
  })

  it.each([
    ['echo `date {{ v }}`', 'in backticks'],
    ['echo \u0024{x:-{{ v }} }', 'in a parameter expansion'],
    ['echo "\u0024{x:-it\'s {{ v }}}"', 'in a parameter expansion'],
    ['echo $(( 1 + {{ v }} ))', 'in an arithmetic expansion'],
    ['(( x > {{ v }} )) && echo y', 'in an arithmetic expansion'],
    ["echo $'a {{ v }}'", 'in $-quotes'],
    ['echo \u0024{{ v }}', 'behind a dollar sign'],
    ['echo a # {{ v }}', 'in a comment'],
    ['cat <<EOF\n{{ v }}\nEOF', 'behind <<'],
    ["cat <<'EOF'\n{{ v }}\nEOF", 'behind <<'],
    ['cat <<{{ v }}', 'behind <<'],
    ['echo "$(case a in a) echo "{{ v }}";; esac)"', 'behind a case'],
  ])('refuses %s', (command, reason) => {
    expect(() => render(command, { v: 'x' })).toThrow(reason)
  })

  it('refuses a hole behind an odd backslash', () => {
    expect(() => render('echo \\\\{{ v }}', { v: 'x' })).toThrow('behind a backslash')
  })

  it('a here-string is no here-document', () => {
    expect(render('cat <<< {{ v }}', { v: 'x' })).toBe("cat <<< 'x'")
  })

  it('knows the process id from an expansion', () => {
    expect(render('echo "$$({{ v }})"', { v: '$(id)' })).toBe(`echo "$$("'$(id)'")"`)
    expect(render('echo "\\\\$(echo {{ v }})"', { v: '$(id)' })).toBe(`echo "\\\\$(echo '$(id)')"`)
  })
})
