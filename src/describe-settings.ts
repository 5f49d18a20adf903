// The settings as people read them.
import { settings } from './config.ts'

/** The reference page, `docs/reference/configuration.md`. */
export function describeSettings(): string {
  const rows = Object.values(settings).map(
    ({ name, default: initial, description }) =>
      `| \`${name}\` | ${initial ? `\`${initial}\`` : 'unset'} | ${description} |`,
  )
  return [
    '# Configuration',
    '',
    'Fermata reads these environment variables when it starts and refuses values that it cannot use. An empty value is the',
    'same as none. Each may come from a file: `NAME_FILE` is the path of one that holds `NAME`.',
    '',
    '| variable | default | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
