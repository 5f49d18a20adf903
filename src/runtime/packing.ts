// Whether node runs may share rows (ADR 31). Programs from before they did would not find them there, and an upgrade
// replaces processes one after another: nothing is packed while one of those is there.

export interface Packing {
  readonly isOn: boolean
  /** After each heartbeat. */
  heard(beat: { allReadPacks: boolean }): void
}

export function createPacking(): Packing {
  let isOn = false
  return {
    get isOn() {
      return isOn
    },
    heard({ allReadPacks }) {
      isOn = allReadPacks
    },
  }
}
