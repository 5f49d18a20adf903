// The workflows of the demo world, read from the folder beside.
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { WorkflowDocument } from '../core/document.ts'

const folder = new URL('./workflows/', import.meta.url)

/** Sub workflows first: others refer to them. */
export function readDemoWorkflows(): WorkflowDocument[] {
  const documents = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => parse(readFileSync(new URL(name, folder), 'utf8')) as WorkflowDocument)
  return documents.sort((a, b) => Number(b.kind === 'sub') - Number(a.kind === 'sub'))
}

/** The first version of the nightly report, with the slip that made its first nights end in an error. */
export function firstNightlyReport(document: WorkflowDocument): WorkflowDocument {
  const nodes = document.nodes.map((node) => {
    const code = node.config?.code
    if (typeof code !== 'string') return node
    return { ...node, config: { ...node.config, code: code.replace('hosts.filter(', 'hosts.select(') } }
  })
  return { ...document, nodes }
}
