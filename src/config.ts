// The configuration: environment variables, read once, typed and checked. This table is also the reference page.
import { resolve } from 'node:path'
import { AppError, type Problem } from './core/errors.ts'
import { parseRiskRules, type RiskRule } from './core/risk-rules.ts'
import {
  oneOf,
  parseAllowed,
  parseDays,
  parseInteger,
  parsePassword,
  parseRole,
  parseShare,
  parseSwitch,
  parseTag,
  parseUrl,
  settingText,
  splitList,
} from './setting-text.ts'

export type ProcessRole = 'api' | 'worker' | 'scheduler'

/** `local`: this machine, and whoever may see the system; `open`: anyone; `permitted`: only who may see the system. */
export type MetricsAccess = 'local' | 'open' | 'permitted'

export type LogLevel = 'error' | 'warn' | 'info' | 'debug'
export type LogFormat = 'json' | 'text'

export interface Config {
  host: string
  port: number
  /** Where a process without the role `api` tells how it is; undefined: nowhere. */
  healthPort: number | undefined
  /** Undefined: the embedded server is started. */
  databaseUrl: string | undefined
  /** Absolute. */
  dataFolder: string
  adminPassword: string | undefined
  /** Undefined: the file `secret.key` in the data folder. */
  secretKey: string | undefined
  roles: readonly ProcessRole[]
  /** Effects that run at the same time in this process. */
  concurrency: number
  /** Effects that ask for one of these run here. */
  tags: readonly string[]
  /** So do effects that ask for none. */
  untagged: boolean
  /** Absolute folders, each holding node type or trigger type folders. */
  plugins: readonly string[]
  /** Asked about besides the rules of the node types, where a node says `risk: ask`. */
  riskRules: readonly RiskRule[]
  /** Whether an empty database gets the demo world. */
  demo: boolean
  /** Days that ended executions are kept where their workflow does not say; undefined: for ever. */
  keepDays: number | undefined
  /** Days that changes of records are kept; undefined: for ever. */
  keepChangesDays: number | undefined
  /** Host names, addresses and address ranges (CIDR) that outgoing requests may reach although they are private. */
  outboundAllow: readonly string[]
  /** Undefined: mail cannot be sent. */
  smtpUrl: string | undefined
  mailFrom: string
  /** Where people reach the console; for links in messages. */
  publicUrl: string | undefined
  /** Who may read /metrics. */
  metrics: MetricsAccess
  logLevel: LogLevel
  logFormat: LogFormat
  /** Statements that take longer are logged; milliseconds. */
  logSlowMs: number
  /** Collector of traces; undefined: none are made. */
  traceEndpoint: string | undefined
  traceServiceName: string
  /** Share of the traces that begin here which are sent, 0 to 1. */
  traceShare: number
}

interface Setting<T> {
  name: string
  default: string
  description: string
  /** Throws an Error that says what would be right. */
  parse(text: string): T
}

type Settings = { readonly [K in keyof Config]: Setting<Config[K]> }

/** Every setting there is, in the order of the reference page. */
export const settings: Settings = {
  host: {
    name: 'HOST',
    default: '127.0.0.1',
    description: 'Address to listen on. `0.0.0.0` answers the whole network: put TLS in front of it.',
    parse: (text) => text,
  },
  port: {
    name: 'PORT',
    default: '7070',
    description: 'Port to listen on. `0` takes any free one.',
    parse: (text) => parseInteger(text, 0, 65_535),
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    default: '',
    description:
      'A PostgreSQL server (15 or newer) of your own, `postgres://user:password@host:5432/name`. Several Fermata processes may share it. Unset: an embedded PostgreSQL starts and stops with Fermata.',
    parse: (text) => parseUrl(['postgres:', 'postgresql:'], text),
  },
  healthPort: {
    name: 'FERMATA_HEALTH_PORT',
    default: '',
    description:
      'Port where a process without the role `api` answers `/healthz`, `/readyz` and `/metrics`, and nothing else. Unset: it does not listen.',
    parse: (text) => (text === '' ? undefined : parseInteger(text, 0, 65_535)),
  },
  dataFolder: {
    name: 'FERMATA_DATA',
    default: '.fermata',
    description:
      'Folder for the embedded database and the files of this installation. Make backups with `fermata backup`, not by copying it while Fermata runs.',
    parse: (text) => resolve(text),
  },
  adminPassword: {
    name: 'FERMATA_ADMIN_PASSWORD',
    default: '',
    description:
      'Password of the first administrator `admin`, for unattended installs; used only while there are no users. At least 8 characters.',
    parse: parsePassword,
  },
  secretKey: {
    name: 'FERMATA_SECRET_KEY',
    default: '',
    description:
      'Key that seals secrets: 32 random bytes in base64 or hex. Unset: `secret.key` in the data folder, made at the first start. Processes on one database need the same key; keep it apart from backups of the database.',
    parse: (text) => (text === '' ? undefined : text),
  },
  roles: {
    name: 'FERMATA_ROLES',
    default: 'api,worker,scheduler',
    description: 'What this process does. Every role may run in any number of processes on one database.',
    parse: (text) => splitList(text).map(parseRole),
  },
  concurrency: {
    name: 'FERMATA_CONCURRENCY',
    default: '64',
    description: 'How many effects (requests, SSH sessions, scripts …) this process runs at the same time.',
    parse: (text) => parseInteger(text, 1, 10_000),
  },
  tags: {
    name: 'FERMATA_TAGS',
    default: '',
    description:
      'Tags of this process, separated by commas: it runs effects whose node asks for one of them (`runOn`), besides those that ask for none.',
    parse: (text) => splitList(text).map(parseTag),
  },
  untagged: {
    name: 'FERMATA_UNTAGGED',
    default: '1',
    description: '`0`: this process leaves effects that ask for no tag to others.',
    parse: parseSwitch,
  },
  plugins: {
    name: 'FERMATA_PLUGINS',
    default: '',
    description: 'Folders with node types and trigger types of your own, separated by commas.',
    parse: (text) => splitList(text).map((folder) => resolve(folder)),
  },
  riskRules: {
    name: 'FERMATA_RISKS',
    default: '',
    description:
      'Risks of your own, besides those that node types know: a JSON list such as `[{"pattern": "kubectl +delete", "words": "deletes from the cluster", "types": ["ssh-command"]}]`. A pattern is RE2, matched in linear time against every text of the resolved config of nodes that say `risk: ask`; `types` may be left out. Processes on one database need the same list.',
    parse: parseRiskRules,
  },
  demo: {
    name: 'FERMATA_DEMO',
    default: '1',
    description: '`1` fills an empty database with the demo world; `0` leaves it empty.',
    parse: parseSwitch,
  },
  keepDays: {
    name: 'FERMATA_KEEP_DAYS',
    default: '90',
    description:
      'How many days ended executions are kept; `0`: for ever. A workflow may say otherwise (`settings.retention`). Executions that have not ended are never deleted.',
    parse: parseDays,
  },
  keepChangesDays: {
    name: 'FERMATA_KEEP_CHANGES_DAYS',
    default: '30',
    description: 'How many days the log of changes of records is kept; `0`: for ever.',
    parse: parseDays,
  },
  outboundAllow: {
    name: 'FERMATA_OUTBOUND_ALLOW',
    default: '',
    description:
      'Host names or `host:port`, addresses and ranges (`10.0.0.0/8`), separated by commas, that workflows may call although they are private, link-local or on this machine.',
    parse: (text) => splitList(text).map(parseAllowed),
  },
  smtpUrl: {
    name: 'SMTP_URL',
    default: '',
    description:
      'The mail server for notifications, `smtp://user:password@host:587` or `smtps://…`. Unset: no mail is sent.',
    parse: (text) => parseUrl(['smtp:', 'smtps:'], text),
  },
  mailFrom: {
    name: 'MAIL_FROM',
    default: 'fermata@localhost',
    description: 'The sender of notifications.',
    parse: (text) => text,
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    default: '',
    description: 'Where people reach the console, for links in notifications: `https://fermata.example.org`.',
    parse: (text) => parseUrl(['http:', 'https:'], text),
  },
  metrics: {
    name: 'FERMATA_METRICS',
    default: 'local',
    description:
      'Who may read `/metrics`: `local` programs on this machine that ask directly, and users and tokens with the permission `system.view`; `permitted` only these; `open` anyone who can reach the port.',
    parse: (text) => oneOf(['local', 'open', 'permitted'], text),
  },
  logLevel: {
    name: 'LOG_LEVEL',
    default: 'warn',
    description:
      'What is logged on the error stream: `error`, `warn`, `info` (executions, failed node runs, requests) or `debug` (every node run). Commands other than `serve` log nothing unless it is set.',
    parse: (text) => oneOf(['error', 'warn', 'info', 'debug'], text),
  },
  logFormat: {
    name: 'LOG_FORMAT',
    default: 'json',
    description: 'How log lines look: `json`, one object per line, or `text` for people.',
    parse: (text) => oneOf(['json', 'text'], text),
  },
  logSlowMs: {
    name: 'LOG_SLOW_MS',
    default: '1000',
    description: 'SQL statements that take longer than so many milliseconds are logged as warnings.',
    parse: (text) => parseInteger(text, 1, 3_600_000),
  },
  traceEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '',
    description:
      'Collector that traces are sent to by OTLP over HTTP, `http://127.0.0.1:4318`. Unset: none are made. The other `OTEL_EXPORTER_OTLP_` variables and `OTEL_RESOURCE_ATTRIBUTES` hold too.',
    parse: (text) => parseUrl(['http:', 'https:'], text),
  },
  traceServiceName: {
    name: 'OTEL_SERVICE_NAME',
    default: 'fermata',
    description: 'Name of this installation in traces.',
    parse: (text) => text,
  },
  traceShare: {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    default: '1',
    description:
      'Share of the traces that begin here which are sent, from `0` to `1`. For executions started with a `traceparent` it is the caller who decides.',
    parse: parseShare,
  },
}

/** Throws `config-invalid` with every problem found; a pointer names the variable, e.g. `/PORT`. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: Problem[] = []
  const read = <T>(setting: Setting<T>): T => {
    try {
      return setting.parse(settingText(env, setting.name) || setting.default)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      problems.push({
        code: 'config-invalid',
        message: `${setting.name} ${message}`,
        pointer: `/${setting.name}`,
      })
      return setting.parse(setting.default)
    }
  }
  const entries = Object.entries(settings as Record<string, Setting<unknown>>)
  const config = Object.fromEntries(
    entries.map(([key, setting]) => [key, read(setting)]),
  ) as unknown as Config
  const [first] = problems
  if (!first) return config
  const detail = problems.map((problem) => problem.message).join('; ')
  throw new AppError('config-invalid', detail, { pointer: first.pointer, problems })
}
