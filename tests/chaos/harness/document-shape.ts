// The document format as these tests know it: written down once more, so that the model shares nothing with the engine.

export interface StubPolicy {
  timeout?: string
  retry?: { attempts: number; delay?: string; factor?: number; on?: string[] }
  onError?: string
  risk?: 'ask'
}

export interface StubNode {
  id: string
  type: string
  parent?: string
  branch?: string
  bind?: { path: string; concurrency?: number }
  config: Record<string, unknown>
  policy?: StubPolicy
  join?: 'all' | 'any'
}

export interface StubDocument {
  format: 'fermata/1'
  key: string
  title: string
  kind: 'main' | 'sub'
  inputs: Record<string, unknown>
  settings: { onFailure?: string; concurrency?: { limit: number } }
  nodes: StubNode[]
  edges: { from: string; to: string; port?: string }[]
}
