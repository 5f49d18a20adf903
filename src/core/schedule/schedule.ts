// What a schedule is made of besides its times.
import Type, { type Static } from 'typebox'

/** After a time without any scheduler: nothing, the latest one, or the latest ten of those that were missed. */
export const Missed = Type.Enum(['skip', 'latest', 'all'])
export type Missed = Static<typeof Missed>

/** While an execution of the schedule still lives: start another, leave this one out, wait, or terminate the former. */
export const Overlap = Type.Enum(['allow', 'skip', 'queue', 'cancel'])
export type Overlap = Static<typeof Overlap>

export const ScheduleEvent = Type.Enum(['completed', 'failed', 'waiting'])
/** `failed`: ended any other way than completed, or could not start. `waiting`: needs a person. */
export type ScheduleEvent = Static<typeof ScheduleEvent>

/** Whom to tell of what. */
export const Notify = Type.Object(
  {
    on: Type.Array(ScheduleEvent, { maxItems: 3 }),
    /** By the mail addresses of users: its owner's, those of the members of its role. */
    to: Type.Optional(Type.Array(Type.Enum(['owner', 'role']), { maxItems: 2 })),
    mail: Type.Optional(Type.Array(Type.String({ format: 'email', maxLength: 200 }), { maxItems: 20 })),
    /** Receives a POST with JSON. */
    webhook: Type.Optional(Type.String({ format: 'url', maxLength: 2000 })),
  },
  { additionalProperties: false },
)
export type Notify = Static<typeof Notify>
