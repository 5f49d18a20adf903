// The past and present of the demo world as stories to be played through the real engine.
import type { JsonObject } from '../core/json.ts'

export interface Answer {
  by: string
  /** What the task's form or verdict gives. */
  output?: JsonObject
  port?: string
}

export interface Story {
  workflow: string
  /** Id of a record of the workflow's target collection. */
  target?: string
  inputs?: JsonObject
  by?: string
  /** A schedule begins it. */
  isScheduled?: true
  /** Answers to its tasks, in order. */
  answers?: Answer[]
  /** What an operator does once it holds or waits for a person. */
  act?: { type: 'terminate' | 'pause'; reason: string }
  /** When it is said to have begun, in hours before now; absent: it stays as it is, under way. */
  hoursAgo?: number
}

const operator = 'li.wei'
const approver = 'sam.reed'

const approve: Answer = { by: approver, output: { approved: true, comment: 'Go ahead' }, port: 'approve' }
const reject = (comment: string): Answer => ({
  by: approver,
  output: { approved: false, comment },
  port: 'reject',
})

function cleanUp(target: string, hoursAgo: number): Story {
  return { workflow: 'disk-clean-up', target, hoursAgo, by: operator }
}

function restart(target: string, reason: string, rest: Omit<Story, 'workflow' | 'target' | 'inputs'>): Story {
  return { workflow: 'restart-service', target, inputs: { reason }, by: operator, ...rest }
}

function watch(target: string, hoursAgo: number): Story {
  return { workflow: 'health-watch', target, inputs: { rounds: 2, pause: 1 }, by: operator, hoursAgo }
}

function patch(target: string, rest: Partial<Story> = {}): Story {
  return { workflow: 'canary-patch', target, inputs: { soak: 1 }, by: operator, ...rest }
}

function onboard(name: string, hoursAgo: number, answers: Answer[]): Story {
  const facts = { by: operator, output: { name, room: 'A', cpus: 8 } }
  return {
    workflow: 'onboarding-approval',
    inputs: { requester: 'shop team' },
    by: operator,
    answers: [facts, ...answers],
    hoursAgo,
  }
}

export const past: Story[] = [
  cleanUp('pay-01', 44.2),
  cleanUp('shop-02', 43.7),
  cleanUp('dwh-01', 41.1),
  cleanUp('shop-01', 36.3),
  cleanUp('crm-01', 30.9),
  cleanUp('db-01', 27.4),
  cleanUp('db-02', 19.2),
  cleanUp('dwh-01', 11.6),
  cleanUp('shop-03', 4.1),
  restart('shop-front-1', 'New certificates', { answers: [approve], hoursAgo: 40.3 }),
  restart('shop-front-2', 'Memory grows', { answers: [approve], hoursAgo: 33.8 }),
  restart('shop-cart-1', 'New settings', { answers: [approve], hoursAgo: 29.5 }),
  restart('crm-web-1', 'Answers slowly', { answers: [approve], hoursAgo: 24.7 }),
  restart('crm-web-2', 'New settings', { answers: [approve], hoursAgo: 17.3 }),
  restart('pay-clearing-1', 'Before the month end', { answers: [approve], hoursAgo: 13.9 }),
  restart('shop-front-3', 'Answers slowly', { answers: [approve], hoursAgo: 2.6 }),
  restart('pay-api-1', 'Answers slowly', { answers: [reject('Not during the campaign')], hoursAgo: 38.0 }),
  restart('shop-cart-2', 'To be sure', { answers: [reject('Please give a reason')], hoursAgo: 15.2 }),
  restart('dwh-etl-1', 'Wrong target', {
    act: { type: 'terminate', reason: 'Started on the wrong unit' },
    hoursAgo: 31.6,
  }),
  restart('pay-api-2', 'New certificates', {
    answers: [approve],
    act: { type: 'terminate', reason: 'pay-03 has no space left; will try again after cleaning it' },
    hoursAgo: 8.8,
  }),
  patch('shop-web', { hoursAgo: 42.4 }),
  patch('pay-clearing', { hoursAgo: 26.2 }),
  patch('dwh-reports', { hoursAgo: 9.7 }),
  watch('shop-front', 35.1),
  watch('crm-web', 23.4),
  watch('pay-clearing', 12.8),
  watch('shop-cart', 5.3),
  onboard('shop-04', 39.6, [approve, { by: operator, port: 'planned' }]),
  onboard('crm-03', 20.5, [approve, { by: operator, port: 'planned' }]),
  onboard('pay-09', 28.1, [reject('No budget this quarter')]),
  onboard('dwh-02', 14.4, [approve, { by: operator, port: 'withdraw' }]),
]

/** Under way when the visitor comes; the order matters: the third waits for the record the second holds. */
export const present: Story[] = [
  {
    workflow: 'health-watch',
    target: 'shop-front',
    inputs: { rounds: 720, pause: 10 },
    by: operator,
  },
  restart('crm-web-1', 'After the patch', { act: { type: 'pause', reason: 'Waiting for the night' } }),
  restart('crm-web-1', 'Answers slowly again', {}),
  patch('crm-desk'),
  // Held: the disk of one of its hosts is full.
  restart('pay-api-2', 'The certificates expire', { answers: [approve] }),
  restart('shop-cart-1', 'Carts are lost', {}),
  // Found risky: nothing is restarted before somebody has confirmed it.
  { workflow: 'reboot-hosts', target: 'shop-front', by: operator },
]
