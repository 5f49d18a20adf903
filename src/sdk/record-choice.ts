// Which record a node works on: the one its config names, else the bound one, else the target.
import Type from 'typebox'
import { AppError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import type { RunContext } from './node-type.ts'

/** Config fields of node types that work on one record. */
export const RecordFields = {
  collection: Type.Optional(
    Type.String({
      title: 'Collection',
      description: 'Default: that of the bound record, or of the target.',
      minLength: 1,
      maxLength: 63,
      'x-refers': 'collection',
    }),
  ),
  id: Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Integer()], {
      title: 'Record',
      description: 'The id; default: the bound record, or the target.',
    }),
  ),
}

interface Chosen {
  collection: string
  id: string
}

/** Throws AppError `bad-request` when there is neither an id nor a bound record nor a target. */
export function pickRecord(ctx: RunContext<{ collection?: string; id?: Json }>): Chosen {
  const { collection, id } = ctx.config
  const given = ctx.record ?? targetOf(ctx)
  if (id === undefined) {
    if (!given) throw new AppError('bad-request', 'No record: the node has no id, no binding and no target')
    return { collection: collection ?? given.collection, id: given.id }
  }
  const owner = collection ?? given?.collection
  if (owner === undefined) throw new AppError('bad-request', 'The id needs a collection')
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') {
    throw new AppError('bad-request', 'The id is empty', { pointer: '/id' })
  }
  return { collection: owner, id: String(id) }
}

function targetOf(ctx: RunContext<{ collection?: string; id?: Json }>): Chosen | undefined {
  const target = read(ctx)
  if (!isJsonObject(target)) return undefined
  const { collection, id } = target
  return typeof collection === 'string' && typeof id === 'string' ? { collection, id } : undefined
}

/** Without a target the variable is null or unknown. */
function read(ctx: RunContext<{ collection?: string; id?: Json }>): Json {
  try {
    return ctx.evaluate('target')
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}
