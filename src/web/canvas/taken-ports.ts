// Which ports a node run left by, as far as its output tells: deciding node types answer with their decision.
import { isJsonObject } from '../../core/json.ts'

/** Undefined: the output does not tell. */
export function takenPorts(output: unknown, ports: readonly string[]): readonly string[] | undefined {
  if (typeof output === 'boolean' && ports.includes('yes')) return output ? ['yes', 'out'] : ['no']
  const named = isJsonObject(output) ? (output.choice ?? output.port) : output
  return typeof named === 'string' && ports.includes(named) ? [named] : undefined
}
