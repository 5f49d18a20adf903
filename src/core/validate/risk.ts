// Asking for risks where nobody can tell them would promise a check that does not happen.
import { type Check, report } from './context.ts'

export function checkRisk(check: Check): void {
  for (const { node, facts, pointer } of check.nodes.values()) {
    if (node.policy?.risk === undefined || !facts || facts.risks) continue
    report(check, {
      code: 'without-effect',
      message: `${node.type} cannot tell risks; leave risk out`,
      pointer: `${pointer}/policy/risk`,
      node: node.id,
    })
  }
}
