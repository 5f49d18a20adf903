import { Button, Dropdown, Tooltip } from 'antd'
import { Keyboard, Languages, LogOut, Moon, Search, Sun, User } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, isLanguage, languageNames, languages } from '../i18n/languages.ts'
import { useLanguage } from '../i18n/use-language.ts'
import { Keys } from '../shortcuts/keys.tsx'
import type { FrameDialog } from '../shortcuts/shortcut-keys.tsx'
import { useLiveMark } from './live-mark.ts'
import { writePreference } from './preferences.ts'
import { useTheme } from './theme.tsx'

interface TopBarProps {
  crumbs: ReactNode
  userName: string
  onLanguage: (language: string) => void
  onDialog: (dialog: FrameDialog) => void
  onSignOut: () => void
}

export function TopBar({ crumbs, userName, onLanguage, onDialog, onSignOut }: TopBarProps) {
  return (
    <header className="f-bar">
      {crumbs}
      <LiveIndicator />
      <SearchButton onOpen={() => onDialog('palette')} />
      <HelpButton onHelp={() => onDialog('help')} />
      <LanguageSwitch onLanguage={onLanguage} />
      <ThemeSwitch />
      <UserMenu name={userName} onSignOut={onSignOut} />
    </header>
  )
}

const liveTexts = {
  live: 'live.live',
  reconnecting: 'live.reconnecting',
  stale: 'live.stale',
  ended: 'live.ended',
} as const

function LiveIndicator() {
  const { t } = useTranslation()
  const mark = useLiveMark()
  if (!mark) return null
  return (
    <span className="f-live" role="status" data-live={mark}>
      {t(liveTexts[mark])}
    </span>
  )
}

/** Looks like the field it opens. */
function SearchButton({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation()
  return (
    <button type="button" className="f-bar-search" aria-haspopup="dialog" onClick={onOpen}>
      <Search size={14} aria-hidden />
      <span className="f-bar-search-text">{t('palette.title')}</span>
      <span className="f-bar-search-keys" aria-hidden>
        <Keys of="palette" />
      </span>
    </button>
  )
}

function HelpButton({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const label = t('shortcuts.title')
  return (
    <Tooltip title={`${label} (?)`}>
      <Button type="text" icon={<Keyboard size={16} />} aria-label={label} onClick={onHelp} />
    </Tooltip>
  )
}

export function LanguageSwitch({ onLanguage }: { onLanguage?: (language: string) => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const choose = (key: string) => {
    if (!isLanguage(key)) return
    onLanguage?.(key)
    void chooseLanguage(key)
  }
  return (
    <Dropdown
      trigger={['click']}
      autoFocus
      menu={{
        selectable: true,
        selectedKeys: [language],
        items: languages.map((key) => ({ key, label: <span lang={key}>{languageNames[key]}</span> })),
        onClick: ({ key }) => choose(key),
      }}
    >
      <Button type="text" icon={<Languages size={16} />} aria-label={t('nav.language')} />
    </Dropdown>
  )
}

export function ThemeSwitch() {
  const { t } = useTranslation()
  const theme = useTheme()
  const Icon = theme === 'dark' ? Sun : Moon
  const label = t(theme === 'dark' ? 'nav.light' : 'nav.dark')
  return (
    <Tooltip title={label}>
      <Button
        type="text"
        icon={<Icon size={16} />}
        aria-label={label}
        onClick={() => writePreference('theme', theme === 'dark' ? 'light' : 'dark')}
      />
    </Tooltip>
  )
}

function UserMenu({ name, onSignOut }: { name: string; onSignOut: () => void }) {
  const { t } = useTranslation()
  return (
    <Dropdown
      trigger={['click']}
      autoFocus
      menu={{
        items: [{ key: 'sign-out', icon: <LogOut size={14} />, label: t('nav.signOut') }],
        onClick: onSignOut,
      }}
    >
      <Button type="text" icon={<User size={16} />} aria-label={t('nav.user', { name })}>
        {name}
      </Button>
    </Dropdown>
  )
}
