import { describe, expect, it } from 'vitest'
import en from '../i18n/en.json' with { type: 'json' }
import {
  keyNames,
  latinKey,
  matchKeys,
  pressedKey,
  shortcutGroups,
  shortcutIds,
  shortcuts,
} from './shortcuts.ts'

describe('shortcuts', () => {
  it('are each told of in words, below a heading', () => {
    expect(Object.keys(en.shortcuts.does).sort()).toEqual([...shortcutIds].sort())
    expect(Object.keys(en.shortcuts.groups).sort()).toEqual([...shortcutGroups].sort())
  })

  it('do not get into the way of each other', () => {
    const heard = shortcutIds.filter((id) => !shortcuts[id].native)
    for (const id of heard) expect([id, matchKeys(shortcuts[id].keys)]).toEqual([id, id])
    const beginnings = heard.map((id) => shortcuts[id].keys).filter((keys) => keys.length > 1)
    for (const [first = ''] of beginnings) expect([first, matchKeys([first])]).toEqual([first, 'begun'])
  })

  it('are not found where there are none', () => {
    expect(matchKeys(['q'])).toBeUndefined()
    expect(matchKeys(['g', 'q'])).toBeUndefined()
    expect(matchKeys(['Escape'])).toBeUndefined()
  })

  it('are told apart from what is pressed with another key', () => {
    const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
    const onApple = keyNames('palette')[0] === '⌘'
    const held = onApple ? { metaKey: true } : { ctrlKey: true }
    const press = (key: string, code: string, more: Partial<typeof none>) =>
      pressedKey({ key, code, ...none, ...more })
    expect(press('k', 'KeyK', {})).toBe('k')
    for (const key of ['k', 'K', 'л']) expect(matchKeys([press(key, 'KeyK', held) ?? ''])).toBe('palette')
    expect(press('k', 'KeyK', { ...held, altKey: true })).toBeUndefined()
    expect(press('k', 'KeyK', { ...held, shiftKey: true })).toBeUndefined()
    expect(press('k', 'KeyK', { ctrlKey: true, metaKey: true })).toBeUndefined()
    expect(press('?', 'Digit7', { shiftKey: true })).toBe('?')
  })

  it('are at the same place of the keyboard in every script', () => {
    expect(latinKey({ key: 'п', code: 'KeyG' })).toBe('g')
    expect(latinKey({ key: 'g', code: 'KeyG' })).toBe('g')
    // On a layout of Latin letters the letter counts, not its place.
    expect(latinKey({ key: 'g', code: 'KeyI' })).toBe('g')
    expect(latinKey({ key: '?', code: 'Digit7' })).toBe('?')
    expect(latinKey({ key: 'ArrowUp', code: 'ArrowUp' })).toBe('ArrowUp')
  })
})
