import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { CollectionDefinition } from '../../core/collections.ts'
import { demoCollections } from './collections.ts'
import { demoRecords } from './records.ts'

function memberOf(key: string, name: string) {
  const collection = demoCollections.find((one) => one.key === key)
  return {
    field: collection?.fields.find((field) => field.key === name),
    relation: collection?.relations?.find((relation) => relation.name === name),
  }
}

const some = expect.stringMatching(/./)

describe('the data of the demo world', () => {
  it('is six valid collections, titled in three languages', () => {
    const schema = Compile(CollectionDefinition)
    expect(demoCollections).toHaveLength(6)
    for (const collection of demoCollections) {
      expect(schema.Check(collection), collection.key).toBe(true)
      const titled = [collection, ...collection.fields, ...(collection.relations ?? [])]
      for (const { title } of titled) expect(title).toMatchObject({ en: some, zh: some, ru: some })
    }
  })

  it('is at least forty records with ids of their own', () => {
    expect(demoRecords.length).toBeGreaterThanOrEqual(40)
    expect(new Set(demoRecords.map((record) => `${record.collection}/${record.id}`)).size).toBe(
      demoRecords.length,
    )
  })

  it('names only fields and options that exist', () => {
    for (const { collection, values } of demoRecords) {
      for (const [name, value] of Object.entries(values)) {
        const { field, relation } = memberOf(collection, name)
        expect(field ?? relation, `${collection}.${name}`).toBeDefined()
        if (field?.options) expect(field.options).toContain(value)
      }
    }
  })

  it('refers only to earlier records', () => {
    const earlier = new Set<string>()
    for (const { collection, id, values } of demoRecords) {
      const referred = Object.entries(values).flatMap(([name, value]) => {
        const to = memberOf(collection, name).relation?.to
        return to ? [value].flat().map((other) => `${to}/${other}`) : []
      })
      for (const other of referred) expect(earlier).toContain(other)
      earlier.add(`${collection}/${id}`)
    }
  })
})
