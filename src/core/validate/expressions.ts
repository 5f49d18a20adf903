// Templates and expressions: they parse, and name only what is there when they are evaluated.
import { AppError, type Problem } from '../errors.ts'
import { checkTexts } from '../expression/check.ts'
import { parseExpression } from '../expression/expression.ts'
import { parseTemplate, templateReferences } from '../expression/template.ts'
import type { JsonObject } from '../json.ts'
import { type Check, type Finding, report } from './context.ts'
import type { Order } from './order.ts'
import { type Judge, judgeOfHead, judgeOfNode } from './variables.ts'

export function checkNodeTexts(check: Check, order: Order): void {
  for (const located of check.nodes.values()) {
    const { node, facts, pointer } = located
    if (!facts || !node.config) continue
    const judge = judgeOfNode(check, order, located)
    for (const problem of checkTexts(facts.config, node.config as JsonObject, judge)) {
      const at = `${pointer}/config${problem.pointer}`
      report(check, { ...(problem as Finding), pointer: at, node: node.id })
    }
  }
}

/** The target's filter and the key of the concurrency limit. */
export function checkHeadTexts(check: Check): void {
  const { target, settings } = check.document
  if (target?.filter?.trim()) {
    const { filter } = target
    const judge = judgeOfHead(check, ['record'])
    checkText(check, '/target/filter', () => judgeAll(parseExpression(filter).references, judge))
  }
  const key = settings?.concurrency?.key
  if (key !== undefined) {
    const judge = judgeOfHead(check, ['inputs', ...(target ? ['target'] : [])])
    const read = () => judgeAll(templateReferences(parseTemplate(key)), judge)
    checkText(check, '/settings/concurrency/key', read)
  }
}

type Located = ReturnType<typeof templateReferences>

function judgeAll(references: readonly Located[number][], judge: Judge): Omit<Finding, 'pointer'>[] {
  return references.flatMap((reference) => {
    const complaint = judge(reference)
    return complaint ? [{ ...complaint, span: reference.span }] : []
  })
}

function checkText(check: Check, pointer: string, read: () => Omit<Finding, 'pointer'>[]): void {
  try {
    for (const finding of read()) report(check, { ...finding, pointer })
  } catch (error) {
    report(check, { code: 'invalid-expression', pointer, ...syntaxError(error) })
  }
}

function syntaxError(error: unknown): Pick<Problem, 'message' | 'span'> {
  if (!(error instanceof AppError)) throw error
  const { span } = error.details
  return { message: error.message, ...(span ? { span } : {}) }
}
