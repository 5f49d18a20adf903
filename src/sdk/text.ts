// How the strings of a node's config are treated before the node sees them.
import Type, { type TString } from 'typebox'

/**
 * A CEL expression, handed to the node as written; evaluate it with `ctx.evaluate`. Variables that the node adds
 * there are named in the option `x-variables`, so that publishing knows them.
 */
export const Cel = (options: object = {}): TString => Type.String({ ...options, 'x-text': 'cel' })
/** Text in another language (JavaScript …), handed over as written. */
export const Raw = (options: object = {}): TString => Type.String({ ...options, 'x-text': 'raw' })
/** A template whose holes are quoted for a POSIX shell. */
export const Shell = (options: object = {}): TString => Type.String({ ...options, 'x-text': 'shell' })
/** A template whose holes become bind parameters; the node receives a `SqlText`. */
export const Sql = (options: object = {}): TString => Type.String({ ...options, 'x-text': 'sql' })
