import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/helpers/longest-first.ts'

// Tests start the program hundreds of times: it is compiled once. The processes inherit this.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

// Also where there are but two cores: much of the time goes into waiting, for the database, for timers, for a browser.
const maxWorkers = 3

export default defineConfig({
  test: {
    globalSetup: ['tests/helpers/postgres-server.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.{ts,tsx}',
            'tests/*.test.ts',
            'tests/scenarios/**/*.test.ts',
            'tests/chaos/**/*.test.ts',
            'tests/upgrade/**/*.test.ts',
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers,
        },
      },
    ],
  },
})
