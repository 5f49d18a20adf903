import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['tests/helpers/postgres-server.ts'],
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
          // Also where there are but two cores: half of the time goes into waiting for the database and for timers.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Browsers mostly wait: two files at a time.
          maxWorkers: 2,
        },
      },
    ],
  },
})
