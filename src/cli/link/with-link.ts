import type { Io } from '../io.ts'
import { type Link, type LinkOptions, openLink } from './open-link.ts'

/** Opens, works, closes. What `work` answers becomes the exit code of the process. */
export async function withLink(
  io: Io,
  options: LinkOptions,
  work: (link: Link) => Promise<number | undefined>,
): Promise<void> {
  const link = await openLink(io, options)
  try {
    process.exitCode = (await work(link)) ?? 0
  } finally {
    await link.close()
  }
}
