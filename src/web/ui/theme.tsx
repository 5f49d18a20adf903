// antd and our own styles from the same tokens; follows the system until somebody chooses.
import { theme as antdTheme, ConfigProvider } from 'antd'
import type { Locale } from 'antd/es/locale/index.js'
import { type ReactNode, useLayoutEffect, useSyncExternalStore } from 'react'
import { usePreference } from './preferences.ts'
import { codeFamily, cssVariables, fontFamily, surfaces, type ThemeName, tones } from './tokens.ts'

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)')
const stillQuery = window.matchMedia('(prefers-reduced-motion: reduce)')

function watch(query: MediaQueryList): (listener: () => void) => () => void {
  return (listener) => {
    query.addEventListener('change', listener)
    return () => query.removeEventListener('change', listener)
  }
}
const watchDark = watch(darkQuery)

export function useTheme(): ThemeName {
  const [chosen] = usePreference('theme', 'system')
  const systemIsDark = useSyncExternalStore(watchDark, () => darkQuery.matches)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return systemIsDark ? 'dark' : 'light'
}

const controls = { Button: { fontWeight: 500 }, Tabs: { horizontalItemPadding: '8px 0' } }

/** The quiet border around a coloured ground. */
const edge = (color: string): string => `${color}40`

/** In the dark a large ground is kept quieter than a badge. */
const ground = (color: string, name: ThemeName): string => (name === 'dark' ? `${color}80` : color)

function antdTokens(name: ThemeName) {
  const colors = surfaces[name]
  return {
    colorPrimary: colors.accent,
    colorPrimaryHover: colors.accentHover,
    colorInfo: colors.accent,
    colorLink: colors.accent,
    colorLinkHover: colors.accentHover,
    colorError: colors.danger,
    colorText: colors.text,
    colorTextSecondary: colors.textQuiet,
    colorTextDescription: colors.textQuiet,
    colorTextPlaceholder: colors.textQuiet,
    colorBorder: colors.lineStrong,
    colorBorderSecondary: colors.line,
    colorBgBase: colors.panel,
    colorBgContainer: colors.panel,
    colorBgElevated: colors.raised,
    colorBgLayout: colors.canvas,
    colorTextLightSolid: colors.accentText,
    colorErrorBg: ground(tones.red[name].bg, name),
    colorErrorBorder: edge(tones.red[name].fg),
    colorWarning: tones.amber[name].fg,
    colorWarningBg: ground(tones.amber[name].bg, name),
    colorWarningBorder: edge(tones.amber[name].fg),
    colorInfoBg: ground(tones.blue[name].bg, name),
    colorInfoBorder: edge(tones.blue[name].fg),
    borderRadius: 6,
    fontSize: 13,
    fontFamily,
    fontFamilyCode: codeFamily,
    motion: !stillQuery.matches,
    motionDurationSlow: '0.15s',
    motionDurationMid: '0.1s',
  }
}

export function ThemeProvider({ locale, children }: { locale: Locale | undefined; children: ReactNode }) {
  const name = useTheme()
  useLayoutEffect(() => {
    const root = document.documentElement
    root.dataset.theme = name
    root.style.colorScheme = name
    for (const [variable, value] of Object.entries(cssVariables(name)))
      root.style.setProperty(variable, value)
  }, [name])
  return (
    <ConfigProvider
      {...(locale ? { locale } : {})}
      theme={{
        algorithm: name === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
        token: antdTokens(name),
        components: controls,
        hashed: false,
      }}
      button={{ autoInsertSpace: false }}
      // A click beside a dialog would throw away what was typed into it.
      modal={{ mask: { closable: false } }}
    >
      {children}
    </ConfigProvider>
  )
}
