// Sends spans to a collector by OTLP over HTTP. The packages for it are loaded only where somebody asked for traces.
import { randomUUID } from 'node:crypto'
import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Pool } from '../../store/db.ts'
import { readRunStarts } from '../../store/run-starts.ts'
import { keepSetting } from '../../store/settings.ts'
import { createTraces, type Span, type Traces } from './traces.ts'

export interface Destination {
  /** Base address of the collector, as `OTEL_EXPORTER_OTLP_ENDPOINT` has it. */
  endpoint: string
  serviceName: string
  share: number
  version: string
}

/** Spans that wait to be sent; what comes on top is dropped, for the engine does not wait for a collector. */
const maxWaiting = 16_384
const sendAfterMs = 1000
const closeWithinMs = 3000

export async function openTraces(pool: Pool, to: Destination): Promise<Traces> {
  const { export: send, close } = await openExporter(to)
  return createTraces({
    installation: String(await keepSetting(pool, 'installation', randomUUID())),
    share: to.share,
    export: send,
    readStarts: (keys) => readRunStarts(pool, keys),
    close,
  })
}

async function openExporter({ endpoint, serviceName, version }: Destination) {
  const [{ BatchSpanProcessor }, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources
  // OTEL_RESOURCE_ATTRIBUTES, and the OTEL_EXPORTER_OTLP_ variables beside the endpoint, are read by the packages.
  const resource = defaultResource()
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }))
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const limits = { maxQueueSize: maxWaiting, scheduledDelayMillis: sendAfterMs, exportTimeoutMillis: 10_000 }
  const processor = new BatchSpanProcessor({ exporter, ...limits })
  const scope = { name: 'fermata', version }
  return {
    export: (span: Span) => processor.onEnd(readable(span, { resource, instrumentationScope: scope })),
    async close() {
      const late = new Promise((resolve) => setTimeout(resolve, closeWithinMs).unref())
      await Promise.race([processor.shutdown().catch(() => undefined), late])
    },
  }
}

const kinds = { internal: 0, server: 1, client: 2 } as const
const failed = 2

/** The span as the exporter reads it. Ids are ours, so nothing is left to the tracer of the SDK. */
function readable(span: Span, of: Pick<ReadableSpan, 'resource' | 'instrumentationScope'>): ReadableSpan {
  const { name, kind, context, parent, startedAt, endedAt, error, attributes } = span
  const { traceId, sampled } = context
  const contextOf = (spanId: string): SpanContext => ({ traceId, spanId, traceFlags: sampled ? 1 : 0 })
  const own = contextOf(context.spanId)
  const failure: Attributes = error === undefined ? {} : { 'error.type': error }
  return {
    ...of,
    name,
    kind: kinds[kind],
    spanContext: () => own,
    ...(parent === undefined ? {} : { parentSpanContext: contextOf(parent) }),
    startTime: timeOf(startedAt),
    endTime: timeOf(Math.max(startedAt, endedAt)),
    duration: timeOf(Math.max(0, endedAt - startedAt)),
    status: error === undefined ? { code: 0 } : { code: failed, message: error },
    attributes: { ...attributes, ...failure },
    links: [],
    events: [],
    ended: true,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** Seconds and nanoseconds. */
const timeOf = (ms: number): [number, number] => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
