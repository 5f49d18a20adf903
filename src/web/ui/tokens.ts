// Every colour of the console, light and dark. Nothing else may write a colour.
import type { CSSProperties } from 'react'

export const themeNames = ['light', 'dark'] as const
export type ThemeName = (typeof themeNames)[number]

export interface Surface {
  /** Page behind everything. */
  canvas: string
  /** Panels, tables, cards. */
  panel: string
  /** Menus, drawers: what floats. */
  raised: string
  line: string
  lineStrong: string
  text: string
  textQuiet: string
  accent: string
  accentHover: string
  accentText: string
  accentSoft: string
  danger: string
  linked: string
  star: string
  hover: string
  code: string
}

export const surfaces: Record<ThemeName, Surface> = {
  light: {
    canvas: '#F7F8FA',
    panel: '#FFFFFF',
    raised: '#FFFFFF',
    line: '#E4E7EC',
    lineStrong: '#CDD2DB',
    text: '#1D2433',
    textQuiet: '#5D6678',
    accent: '#155EEF',
    accentHover: '#0E4BC4',
    accentText: '#FFFFFF',
    accentSoft: '#EAF0FE',
    danger: '#B42318',
    linked: '#F79009',
    star: '#EBAC42',
    hover: '#F2F4F7',
    code: '#F2F4F7',
  },
  dark: {
    canvas: '#0F1420',
    panel: '#161B26',
    raised: '#1D2433',
    line: '#283041',
    lineStrong: '#3A4459',
    text: '#E6E9EF',
    textQuiet: '#98A2B3',
    accent: '#6CA0FF',
    accentHover: '#8FB7FF',
    accentText: '#0B1220',
    accentSoft: '#1B2A4A',
    danger: '#FDA29B',
    linked: '#F79009',
    star: '#EBAC42',
    hover: '#1D2433',
    code: '#1D2433',
  },
}

/** Foreground and background of one status or group in one theme. */
export interface Tone {
  fg: string
  bg: string
}
export type Toned = Record<ThemeName, Tone>

const tone = (light: readonly [string, string], dark: readonly [string, string]): Toned => ({
  light: { fg: light[0], bg: light[1] },
  dark: { fg: dark[0], bg: dark[1] },
})

export const tones = {
  grey: tone(['#5F6B80', '#F2F4F7'], ['#98A2B3', '#1D2433']),
  slate: tone(['#475467', '#EAECF0'], ['#B0B8C6', '#232B3B']),
  blue: tone(['#175CD3', '#EFF6FF'], ['#84CAFF', '#102A56']),
  violet: tone(['#6938EF', '#F4F3FF'], ['#BDB4FE', '#27115F']),
  amber: tone(['#B54708', '#FFFAEB'], ['#FEC84B', '#4E1D09']),
  indigo: tone(['#3538CD', '#EEF4FF'], ['#A4BCFD', '#1F235B']),
  amberDeep: tone(['#93370D', '#FEF0C7'], ['#FDB022', '#4E1D09']),
  green: tone(['#067647', '#ECFDF3'], ['#75E0A7', '#053321']),
  red: tone(['#B42318', '#FEF3F2'], ['#FDA29B', '#55160C']),
  volcano: tone(['#B93815', '#FEF6EE'], ['#F7B27A', '#511C10']),
  dark: tone(['#344054', '#E4E7EC'], ['#D0D5DD', '#2E3646']),
  faint: tone(['#667085', '#F9FAFB'], ['#98A2B3', '#161B26']),
  none: tone(['#667085', '#FFFFFF'], ['#8A94A6', '#161B26']),
  orange: tone(['#C4320A', '#FFF4ED'], ['#FEB273', '#511C10']),
} as const satisfies Record<string, Toned>
export type ToneName = keyof typeof tones

/** The tint behind a node's type icon, by the group of its type. */
export const groupTones: Record<string, ToneName> = {
  control: 'slate',
  people: 'amber',
  data: 'green',
  remote: 'blue',
  compute: 'violet',
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The theme as CSS custom properties: `--f-panel`, `--f-green-fg`, … */
export function cssVariables(theme: ThemeName): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(surfaces[theme])) variables[`--f-${kebab(name)}`] = value
  for (const [name, toned] of Object.entries(tones)) {
    variables[`--f-${kebab(name)}-fg`] = toned[theme].fg
    variables[`--f-${kebab(name)}-bg`] = toned[theme].bg
  }
  return variables
}

/** Sets `--tone-fg` and `--tone-bg` for an element and what is in it. */
export function toneVariables(name: ToneName): CSSProperties {
  const variables = { '--tone-fg': `var(--f-${kebab(name)}-fg)`, '--tone-bg': `var(--f-${kebab(name)}-bg)` }
  return variables as CSSProperties
}

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
export const codeFamily = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace'
