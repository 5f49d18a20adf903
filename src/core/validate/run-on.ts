// A tag on a node that has no effect would promise what does not happen.
import { type Check, report } from './context.ts'

export function checkRunOn(check: Check): void {
  for (const { node, facts, pointer } of check.nodes.values()) {
    if (node.policy?.runOn === undefined || !facts?.inline || facts.container) continue
    report(check, {
      code: 'without-effect',
      message: `${node.type} runs inside the engine, wherever that is; leave runOn out`,
      pointer: `${pointer}/policy/runOn`,
      node: node.id,
    })
  }
}
