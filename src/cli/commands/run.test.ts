import { describe, expect, it } from 'vitest'
import type { WorkflowDocument } from '../../core/document.ts'
import { readInputs } from './run.ts'

const document: WorkflowDocument = {
  format: 'fermata/1',
  key: 'w',
  title: 'W',
  nodes: [],
  edges: [],
  inputs: {
    type: 'object',
    properties: { reason: { type: 'string' }, minutes: { type: 'integer' }, hosts: { type: 'array' } },
  },
}

describe('--input', () => {
  it('is text where the workflow wants text, else JSON', () => {
    const pairs = ['reason=5', 'minutes=5', 'hosts=["a"]', 'other=true', 'more=some text', 'empty=', 'e=a=b']
    expect(readInputs(document, pairs)).toEqual({
      reason: '5',
      minutes: 5,
      hosts: ['a'],
      other: true,
      more: 'some text',
      empty: '',
      e: 'a=b',
    })
  })

  it.each(['minutes=soon', 'nothing', '=5'])('refuses %s', (pair) => {
    expect(() => readInputs(document, [pair])).toThrow(expect.objectContaining({ code: 'invalid-inputs' }))
  })
})
