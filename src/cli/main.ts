// `npm run fermata -- <command>`
import process from 'node:process'
import { buildProgram } from './program.ts'
import { reportError } from './report-error.ts'

const { env, stdin, stdout, stderr } = process
const io = { env, stdin, stdout, stderr }

// Whoever reads has seen enough (`| head`).
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  stdout.destroy()
})

try {
  await buildProgram(io).parseAsync(process.argv)
} catch (error) {
  reportError(io, error, process.argv.includes('--json'))
  process.exitCode = 1
}
// Nothing is left to do; a connection that lingers must not keep the process.
setTimeout(() => process.exit(), 2000).unref()
