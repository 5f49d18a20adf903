// What to do about a problem, by its code, else by its status. Keys into the translations.

const byCode: Record<string, string> = {
  unreachable: 'advice.unreachable',
  unauthenticated: 'advice.signIn',
  'wrong-password': 'advice.password',
  'link-expired': 'advice.link',
  forbidden: 'advice.forbidden',
  'not-found': 'advice.notFound',
  conflict: 'advice.conflict',
  'illegal-act': 'advice.conflict',
  'target-locked': 'advice.locked',
  'not-published': 'advice.notPublished',
  'invalid-binding': 'advice.conflict',
  'already-exists': 'advice.otherName',
  'in-use': 'advice.inUse',
  'payload-too-large': 'advice.less',
  'limit-exceeded': 'advice.less',
  'too-many-requests': 'advice.wait',
  unavailable: 'advice.wait',
}

interface Facts {
  code: string
  status: number
}

export function adviceFor(problem: Facts | undefined): string {
  if (!problem) return 'advice.reload'
  const known = byCode[problem.code]
  if (known) return known
  if (problem.status >= 500) return 'advice.server'
  return 'advice.input'
}
