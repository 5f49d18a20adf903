// A log line for people: time, level, message, then what it is about.

const unsaid = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'err'])

export function logText(line: string): string {
  const fields = JSON.parse(line) as Record<string, unknown>
  const { time, level, msg } = fields
  const about = Object.entries(fields)
    .filter(([name]) => !unsaid.has(name))
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value)}`,
    )
  const head = `${time} ${String(level).padEnd(5)} ${msg ?? ''}`
  return `${[head, ...about].join('  ')}${stackOf(fields.err)}\n`
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const { stack, message, cause } = error as { stack?: string; message?: string; cause?: unknown }
  return `\n${(stack ?? message ?? '').replace(/^/gm, '    ')}${cause ? stackOf(cause) : ''}`
}
