// Content types this server reads: JSON, and YAML for workflow documents.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../core/errors.ts'
import { parseDocumentText } from '../core/print/parse-text.ts'
import { checkJson, readJson } from './read-json.ts'

/** Bytes of a body. */
export const bodyLimit = 1024 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true })

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new AppError('invalid-json', 'The body is not UTF-8', { cause })
  }
}

/** A document written as YAML, as the body `{ document }`. Complaints say where in the text. */
export function readYaml(text: string): { document: unknown } {
  const document = parseDocumentText(text)
  checkJson(document)
  return { document }
}

export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => {
      const text = textOf(body)
      return text === '' ? undefined : readJson(text)
    },
  )
  for (const type of ['application/yaml', 'application/x-yaml', 'text/yaml'])
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
      readYaml(textOf(body)),
    )
  // Acts take an empty body as `{}`.
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined || request.body === null) request.body = {}
  })
}
