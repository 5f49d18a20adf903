import { describe, expect, it } from 'vitest'
import { statusLegend } from './status-legend.ts'
import { cssVariables, surfaces, themeNames, tones } from './tokens.ts'

function luminance(color: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe.each(themeNames)('colours of %s', (theme) => {
  it.each(Object.keys(tones) as (keyof typeof tones)[])(
    '%s is readable on its ground and on panels',
    (name) => {
      const { fg, bg } = tones[name][theme]
      expect(contrast(fg, bg)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(fg, surfaces[theme].panel)).toBeGreaterThanOrEqual(4.5)
    },
  )

  it('has readable text on every surface', () => {
    const surface = surfaces[theme]
    for (const ground of [surface.canvas, surface.panel, surface.raised, surface.hover, surface.code]) {
      expect(contrast(surface.text, ground)).toBeGreaterThanOrEqual(7)
      expect(contrast(surface.textQuiet, ground)).toBeGreaterThanOrEqual(4.5)
    }
    for (const accent of [surface.accent, surface.accentHover]) {
      expect(contrast(surface.accentText, accent)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(accent, surface.panel)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('status legend', () => {
  it('tells any two statuses apart without colour', () => {
    const looks = Object.entries(statusLegend).filter(([status]) => status !== 'waiting')
    const icons = looks.map(([, look]) => look.icon)
    expect(new Set(icons).size).toBe(icons.length)
  })

  it('writes both colours of every tone as variables', () => {
    expect(cssVariables('dark')).toMatchObject({ '--f-amber-deep-fg': '#FDB022', '--f-panel': '#161B26' })
  })
})
