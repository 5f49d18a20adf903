// When a schedule fires, as people say it: each hour, each day, on a weekday, on a day of the month, or cron.
import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false }
export const atPattern = '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$'
export const pastPattern = '^[0-5][0-9](:[0-5][0-9])?$'
const At = Type.String({ pattern: atPattern })

/** `at` is local time `HH:mm` or `HH:mm:ss`; `past` of an hour is `mm` or `mm:ss`. */
export const Timing = Type.Union([
  Type.Object({ mode: Type.Literal('hourly'), past: Type.String({ pattern: pastPattern }) }, strict),
  Type.Object({ mode: Type.Literal('daily'), at: At }, strict),
  /** 1 is Monday, 7 is Sunday. */
  Type.Object(
    { mode: Type.Literal('weekly'), weekday: Type.Integer({ minimum: 1, maximum: 7 }), at: At },
    strict,
  ),
  /** A day that the month has not is its last day. */
  Type.Object(
    { mode: Type.Literal('monthly'), day: Type.Integer({ minimum: 1, maximum: 31 }), at: At },
    strict,
  ),
  /** Five fields, or six with seconds first; `L`, `#` and names of days and months may be used. */
  Type.Object({ mode: Type.Literal('cron'), cron: Type.String({ minLength: 9, maxLength: 200 }) }, strict),
])
export type Timing = Static<typeof Timing>
