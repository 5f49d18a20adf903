// What antd's dialogs and menus leave open about the focus: a dialog begins in its first field, and whatever had the
// focus before gets it back, also when the dialog is not closed but simply gone, and when a menu is left by a key.
import { useEffect } from 'react'

const dialog = '[aria-modal=true]'
const fields = 'textarea, input:not([type=hidden], [type=checkbox], [type=radio])'

export function useDialogFocus(): void {
  useEffect(() => {
    let outside: HTMLElement | undefined
    let inside: Element | undefined
    const begun = new WeakSet<Element>()
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      const within = target.closest(dialog)
      if (within) {
        inside = within
        if (begun.has(within)) return
        begun.add(within)
        begin(within, target)
        // On its way round an open dialog the focus passes the page, or what the dialog asks beside itself; a menu is
        // closed by what is chosen in it.
      } else if (!isOpen() && !target.closest('[role=menu]')) {
        inside = undefined
        outside = target
      }
    }
    const onKey = ({ key, target }: KeyboardEvent) => {
      const leaves = key === 'Escape' || key === 'Enter' || key === ' '
      if (!leaves || !(target instanceof Element) || !target.closest('[role=menu]')) return
      // What was chosen may open a dialog, which takes the focus.
      setTimeout(() => !isOpen() && outside?.focus({ preventScroll: true }))
    }
    const observer = new MutationObserver(() => {
      const isGone = inside && !inside.isConnected
      if (!isGone || document.activeElement !== document.body) return
      inside = undefined
      const back = outside?.isConnected ? outside : document.querySelector<HTMLElement>('#main')
      back?.focus({ preventScroll: true })
    })
    document.addEventListener('focusin', onFocus)
    document.addEventListener('keydown', onKey)
    observer.observe(document.body, { childList: true })
    return () => {
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('keydown', onKey)
      observer.disconnect()
    }
  }, [])
}

const isOpen = (): boolean => [...document.querySelectorAll(dialog)].some((one) => one.checkVisibility())

/** antd gives the focus to the first thing that takes it, which is the button to close. */
function begin(within: Element, target: HTMLElement): void {
  if (target.matches('.ant-modal-close')) within.querySelector<HTMLElement>(fields)?.focus()
}
