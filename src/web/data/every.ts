import { isRefusal } from '../../client/api-error.ts'

/** An interval to ask again in, until it is refused: what is gone does not come back. */
export const every =
  (ms: number) =>
  ({ state }: { state: { error: unknown } }): number | false =>
    !isRefusal(state.error) && ms
