// The built web console, and its start page for every address it draws itself.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../core/errors.ts'
import { markPublic } from './openapi.ts'
import { sendProblem } from './problem.ts'

/** Addresses that programs ask for: an unknown one is a 404, never a page. */
const forPrograms = /^\/(api|hooks|healthz|readyz|metrics|assets)(\/|$)/

function wantsPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] as string
  const isPage = request.method === 'GET' || request.method === 'HEAD'
  return isPage && !forPrograms.test(path) && !/\.[a-z0-9]+$/i.test(path)
}

/** `root` is the folder of the built console; without it the server answers the API alone. */
export async function addConsole(app: FastifyInstance, root: string): Promise<void> {
  const built = existsSync(root)
  if (built)
    await app.register(async (scope) => {
      markPublic(scope)
      // The folder itself is refused by the static files; its address is the start page.
      scope.get('/', { schema: { hide: true } }, (_request, reply) => startPage(reply, root))
      await scope.register(fastifyStatic, {
        root,
        schemaHide: true,
        index: false,
        // The build writes a gzip beside each file.
        preCompressed: true,
        setHeaders: (reply, path) => {
          const lasting = /[/\\]assets[/\\]/.test(path)
          reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
        },
      })
    })
  app.setNotFoundHandler((request, reply) => {
    if (built && wantsPage(request)) return startPage(reply, root)
    return sendProblem(reply, new AppError('not-found', `Nothing answers ${request.method} here`))
  })
}

async function startPage(reply: FastifyReply, root: string): Promise<FastifyReply> {
  const page = await readFile(join(root, 'index.html'))
  return reply.status(200).header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page)
}
