// Where a span belongs, as W3C Trace Context has it. Ids of executions and node runs are computed: whichever process
// goes on with an execution, and however often it was restarted, it is one trace.
import { createHash } from 'node:crypto'

export interface TraceContext {
  /** 32 hex digits. */
  traceId: string
  /** 16 hex digits. */
  spanId: string
  sampled: boolean
}

const traceparent = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** Undefined for whatever is no `traceparent`. */
export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = traceparent.exec(text ?? '') ?? []
  if (!traceId || !spanId || flags === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId))
    return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export function printTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}

/** The first `digits` hex digits of a hash of these names. */
export function computedId(digits: 16 | 32, ...names: readonly (string | number)[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, digits)
}

/** Whether a trace belongs to this share of all: the same everywhere, for it is the id that decides. */
export function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32
}
