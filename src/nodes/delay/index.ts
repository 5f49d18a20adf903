// Waits for a time without holding anything but a row.
import Type, { type Static } from 'typebox'
import { parseDatetime } from '../../core/dates.ts'
import type { Json } from '../../core/json.ts'
import { done, fail, type Outcome } from '../../core/outcome.ts'
import { DurationField, readDuration } from '../../sdk/duration.ts'
import { failFrom } from '../../sdk/fail-from.ts'
import type { NodeType } from '../../sdk/node-type.ts'
import { readText } from '../../sdk/read-field.ts'

const Config = Type.Object(
  {
    for: Type.Optional(
      DurationField({
        title: 'For',
        description: 'How long: 250ms, 30s, 5m, 2h, 7d, or a number of seconds.',
      }),
    ),
    until: Type.Optional(
      Type.String({
        title: 'Until',
        description: 'A moment such as 2030-01-31T12:00:00Z; without a zone it is UTC.',
        minLength: 1,
      }),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [
      { title: 'For a time', required: ['for'] },
      { title: 'Until a moment', required: ['until'] },
    ],
  },
)
type Config = Omit<Static<typeof Config>, 'for' | 'until'> & { for?: string | number; until?: Json }

export const nodeType: NodeType<Config> = {
  type: 'delay',
  version: 1,
  title: { en: 'Delay', zh: '延时', ru: 'Задержка' },
  summary: {
    en: 'Waits for a while, or until a moment',
    zh: '等待一段时间，或等到某一时刻',
    ru: 'Ждёт заданное время или до указанного момента',
  },
  icon: 'timer',
  group: 'control',
  config: Config,
  effect: 'none',
  waits: true,
  run: ({ config, now }) =>
    config.for === undefined ? waitUntil(config.until ?? null, now) : waitFor(config.for),
}

function waitFor(duration: string | number): Outcome {
  try {
    const afterMs = readDuration(duration, 0)
    return afterMs > 0 ? { type: 'wait', for: 'time', until: { afterMs } } : done()
  } catch (error) {
    return failFrom(error)
  }
}

function waitUntil(moment: Json, now: Date): Outcome {
  const text = readText(moment) ?? ''
  const at = parseDatetime(text)
  if (at === undefined)
    return fail('failed', 'not-a-moment', `"${text}" is not a moment; write 2030-01-31T12:00:00Z`)
  return Date.parse(at) > now.getTime() ? { type: 'wait', for: 'time', until: { at } } : done()
}
