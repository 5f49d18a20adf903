// Which node belongs to which body: parents are containers, branches exist, nothing contains itself.
import { isJsonObject } from '../json.ts'
import { type Check, type LocatedNode, report } from './context.ts'

/** Containers within containers; run ids and snapshots grow with every level. */
export const maxNesting = 32

export function checkContainers(check: Check): void {
  const sound = new Map<string, number>()
  for (const located of check.nodes.values()) {
    checkParent(check, located)
    checkNesting(check, located, sound)
    checkBranchNames(check, located)
  }
}

function checkParent(check: Check, { node, pointer }: LocatedNode): void {
  if (node.parent === undefined) {
    if (node.branch === undefined) return
    const message = `${node.id} names the branch ${node.branch}, but no parent`
    report(check, { code: 'unknown-branch', message, pointer: `${pointer}/branch`, node: node.id })
    return
  }
  const parent = check.nodes.get(node.parent)
  const at = { pointer: `${pointer}/parent`, node: node.id }
  if (!parent) {
    report(check, { code: 'unknown-parent', message: `There is no node ${node.parent}`, ...at })
  } else if (parent.facts && !parent.facts.container) {
    const message = `${node.parent} is of type ${parent.node.type}, which contains no other nodes`
    report(check, { code: 'unknown-parent', message, ...at })
  } else if (parent.facts) checkBranch(check, { node, pointer }, parent)
}

function checkBranch(check: Check, child: Pick<LocatedNode, 'node' | 'pointer'>, parent: LocatedNode): void {
  const { node, pointer } = child
  if (parent.facts?.container !== 'parallel') {
    if (node.branch === undefined) return
    const message = `${parent.node.id} has no branches`
    report(check, { code: 'unknown-branch', message, pointer: `${pointer}/branch`, node: node.id })
    return
  }
  const names = branchNames(parent)
  if (node.branch === undefined) {
    const message = `${node.id} is in ${parent.node.id}: it wants one of the branches ${names.join(', ')}`
    report(check, { code: 'missing-branch', message, pointer, node: node.id })
  } else if (!names.includes(node.branch)) {
    const message = `${parent.node.id} has no branch ${node.branch}; it has ${names.join(', ') || 'none'}`
    report(check, { code: 'unknown-branch', message, pointer: `${pointer}/branch`, node: node.id })
  }
}

function branchNames({ node }: LocatedNode): string[] {
  const branches = node.config?.branches
  if (!Array.isArray(branches)) return []
  return branches.map((branch: unknown) => {
    const name = isJsonObject(branch) ? branch.name : branch
    return typeof name === 'string' ? name : ''
  })
}

/** Branches are keys of scopes: two of one name would be one. */
function checkBranchNames(check: Check, located: LocatedNode): void {
  if (located.facts?.container !== 'parallel') return
  const seen = new Set<string>()
  for (const [index, name] of branchNames(located).entries()) {
    // What has no name is said by the schema of the node type.
    if (name !== '' && seen.has(name)) {
      const message = `Two branches of ${located.node.id} are called ${name}`
      const pointer = `${located.pointer}/config/branches/${index}/name`
      report(check, { code: 'duplicate-name', message, pointer, node: located.node.id })
    }
    seen.add(name)
  }
}

/** Walks up until the root or a node whose depth is known; `depths` keeps it linear. */
function checkNesting(check: Check, start: LocatedNode, depths: Map<string, number>): void {
  const chain: string[] = []
  const seen = new Set<string>()
  let at: LocatedNode | undefined = start
  while (at && !depths.has(at.node.id)) {
    if (seen.has(at.node.id)) {
      reportNesting(check, start, at.node.id)
      for (const id of chain) depths.set(id, 0)
      return
    }
    seen.add(at.node.id)
    chain.push(at.node.id)
    at = at.node.parent === undefined ? undefined : check.nodes.get(at.node.parent)
  }
  let depth = at ? (depths.get(at.node.id) ?? 0) : -1
  for (const id of chain.reverse()) depths.set(id, ++depth)
  if (depth !== maxNesting + 1) return
  const message = `Containers are nested at most ${maxNesting} deep`
  report(check, { code: 'too-deep', message, pointer: `${start.pointer}/parent`, node: start.node.id })
}

function reportNesting(check: Check, start: LocatedNode, id: string): void {
  const message = `${id} contains itself, by way of its parents`
  const pointer = `${start.pointer}/parent`
  report(check, { code: 'nesting-cycle', message, pointer, node: start.node.id })
}

/** Containers around a node, the nearest first. Ends at anything wrong. */
export function containersAround(check: Check, node: LocatedNode): LocatedNode[] {
  const around: LocatedNode[] = []
  let at: LocatedNode | undefined = node
  while (at?.node.parent !== undefined && around.length <= maxNesting) {
    at = check.nodes.get(at.node.parent)
    if (at) around.push(at)
  }
  return around
}
