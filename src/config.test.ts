import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { AppError } from './core/errors.ts'
import { describeSettings } from './describe-settings.ts'

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof AppError && error.code === 'config-invalid') {
      return (error.details.problems ?? []).map((problem) => `${problem.pointer}: ${problem.message}`)
    }
    throw error
  }
  return []
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 7070,
      healthPort: undefined,
      databaseUrl: undefined,
      dataFolder: resolve('.fermata'),
      adminPassword: undefined,
      secretKey: undefined,
      roles: ['api', 'worker', 'scheduler'],
      concurrency: 64,
      tags: [],
      untagged: true,
      plugins: [],
      riskRules: [],
      demo: true,
      keepDays: 90,
      keepChangesDays: 30,
      outboundAllow: [],
      smtpUrl: undefined,
      mailFrom: 'fermata@localhost',
      publicUrl: undefined,
      metrics: 'local',
      logLevel: 'warn',
      logFormat: 'json',
      logSlowMs: 1000,
      traceEndpoint: undefined,
      traceServiceName: 'fermata',
      traceShare: 1,
    })
  })

  it('reads every variable', () => {
    const config = readConfig({
      HOST: '::',
      PORT: '0',
      FERMATA_HEALTH_PORT: '9000',
      DATABASE_URL: 'postgresql://me:secret@db/fermata',
      FERMATA_DATA: '/data',
      FERMATA_ADMIN_PASSWORD: 'long enough',
      FERMATA_SECRET_KEY: 'sealed',
      FERMATA_ROLES: 'worker, scheduler',
      FERMATA_CONCURRENCY: '500',
      FERMATA_TAGS: 'zone-a, zone-b',
      FERMATA_UNTAGGED: '0',
      FERMATA_PLUGINS: '/one,/two',
      FERMATA_RISKS: '[{"pattern": "x", "words": "y"}]',
      FERMATA_DEMO: '0',
      FERMATA_KEEP_DAYS: '14',
      FERMATA_KEEP_CHANGES_DAYS: '0',
      FERMATA_OUTBOUND_ALLOW: '10.0.0.0/8, lb.internal,::1, fd00::/8, 127.0.0.1, web:8080, [::1]:22',
      SMTP_URL: 'smtps://mail.example.org',
      MAIL_FROM: 'ops@example.org',
      PUBLIC_URL: 'https://fermata.example.org',
      FERMATA_METRICS: 'open',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'text',
      LOG_SLOW_MS: '250',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_SERVICE_NAME: 'plant-2',
      OTEL_TRACES_SAMPLER_ARG: '.25',
    })
    expect(config).toEqual({
      host: '::',
      port: 0,
      healthPort: 9000,
      databaseUrl: 'postgresql://me:secret@db/fermata',
      dataFolder: '/data',
      adminPassword: 'long enough',
      secretKey: 'sealed',
      roles: ['worker', 'scheduler'],
      concurrency: 500,
      tags: ['zone-a', 'zone-b'],
      untagged: false,
      plugins: ['/one', '/two'],
      riskRules: [{ pattern: 'x', words: 'y' }],
      demo: false,
      keepDays: 14,
      keepChangesDays: undefined,
      outboundAllow: ['10.0.0.0/8', 'lb.internal', '::1', 'fd00::/8', '127.0.0.1', 'web:8080', '[::1]:22'],
      smtpUrl: 'smtps://mail.example.org',
      mailFrom: 'ops@example.org',
      publicUrl: 'https://fermata.example.org',
      metrics: 'open',
      logLevel: 'debug',
      logFormat: 'text',
      logSlowMs: 250,
      traceEndpoint: 'http://collector:4318',
      traceServiceName: 'plant-2',
      traceShare: 0.25,
    })
  })

  it('reads a value from the file that NAME_FILE names; the value itself wins', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'fermata-config-')), 'secret')
    writeFileSync(file, 'postgres://me:secret@db/fermata\n')
    expect(readConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://me:secret@db/fermata')
    expect(readConfig({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://x' }).databaseUrl).toBe(
      'postgres://x',
    )
    expect(problemsOf({ DATABASE_URL_FILE: '/nowhere' })).toEqual([
      '/DATABASE_URL: DATABASE_URL must be in the file /nowhere, which cannot be read (ENOENT)',
    ])
  })

  it('takes an empty value as none', () => {
    expect(readConfig({ PORT: ' ', DATABASE_URL: '' })).toEqual(readConfig({}))
  })

  it.each([
    ['PORT', '70707'],
    ['PORT', '7070.5'],
    ['PORT', '-1'],
    ['FERMATA_CONCURRENCY', '0'],
    ['FERMATA_CONCURRENCY', 'many'],
    ['FERMATA_DEMO', 'yes'],
    ['FERMATA_TAGS', 'Zone A'],
    ['FERMATA_TAGS', 'anywhere'],
    ['FERMATA_UNTAGGED', 'no'],
    ['FERMATA_ROLES', 'api,cook'],
    ['FERMATA_ADMIN_PASSWORD', 'short'],
    ['FERMATA_OUTBOUND_ALLOW', 'http://here'],
    ['FERMATA_METRICS', 'everybody'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['LOG_SLOW_MS', '0'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^/${name}: ${name} must`)),
    ])
  })

  it('reports all problems at once and repeats no secret', () => {
    const problems = problemsOf({ PORT: 'x', DATABASE_URL: 'mysql://me:hunter2@db' })
    expect(problems).toHaveLength(2)
    expect(problems.join()).not.toContain('hunter2')
  })
})

describe('docs/reference/configuration.md', () => {
  it('is what the code says (write describeSettings() to it)', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../docs/reference/configuration.md'), 'utf8')
    expect(page).toBe(describeSettings())
  })
})
