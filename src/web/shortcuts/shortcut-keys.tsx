// What keys do on every page; what they open is loaded when somebody asks.
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { consolePages } from '../ui/console-pages.ts'
import { useDialogFocus } from '../ui/dialog-focus.ts'
import { useShortcutKeys, useShortcuts } from './listen.ts'
import { focusSearch, stepRow, tickRow } from './rows.ts'

const ShortcutHelp = lazy(() =>
  import('./shortcut-help.tsx').then((file) => ({ default: file.ShortcutHelp })),
)

const Palette = lazy(() => import('../palette/palette.tsx').then((file) => ({ default: file.Palette })))

export type FrameDialog = 'help' | 'palette'

interface KeysProps {
  dialog: FrameDialog | undefined
  onDialog: (dialog: FrameDialog | undefined) => void
}

export function ShortcutKeys({ dialog, onDialog }: KeysProps) {
  const navigate = useNavigate()
  const goTo = Object.fromEntries(consolePages.map(({ go, to }) => [go, () => void navigate({ to })]))
  const close = () => onDialog(undefined)
  useShortcutKeys()
  useDialogFocus()
  useShortcuts({
    help: () => onDialog('help'),
    palette: () => onDialog('palette'),
    search: focusSearch,
    nextRow: () => stepRow(1),
    previousRow: () => stepRow(-1),
    tickRow,
    ...goTo,
  })
  return (
    <Suspense>
      {dialog === 'help' && <ShortcutHelp onClose={close} />}
      {dialog === 'palette' && <Palette onClose={close} />}
    </Suspense>
  )
}
