// What live pages need of a browser, acted by the test: a stream of events, and a tab that is hidden and shown.
import { vi } from 'vitest'

/** As the browser's EventSource, with events given by the test. */
export class FakeSource {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 1
  readonly heard = new Map<string, (event: { data: string }) => void>()
  readonly url: string
  constructor(url: string) {
    this.url = url
    FakeSource.all.push(this)
  }
  static get last(): FakeSource {
    return FakeSource.all.at(-1) as FakeSource
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.heard.set(name, listener)
  }
  close() {
    this.readyState = FakeSource.CLOSED
  }
  send(name: string, data: object = {}) {
    this.heard.get(name)?.({ data: JSON.stringify(data) })
  }
}

export interface FakeTab {
  hidden: boolean
  /** Tells whoever listens that it was hidden or shown. */
  change(): void
}

/** In place of `document` and `EventSource` until `vi.unstubAllGlobals`; no source was opened yet. */
export function openFakeTab(): FakeTab {
  const tab: FakeTab = { hidden: false, change: () => undefined }
  FakeSource.all = []
  vi.stubGlobal('EventSource', FakeSource)
  vi.stubGlobal('document', {
    get hidden() {
      return tab.hidden
    },
    addEventListener: (_name: string, listener: () => void) => {
      tab.change = listener
    },
    removeEventListener: () => undefined,
  })
  return tab
}
