// bpmn-engine: ten service tasks in a row, in memory; the diagram is parsed once.
import { pad } from '../../run/documents.ts'
import { fromInstall, serve } from '../program.ts'

interface Value {
  i: number
  pad: string
}
interface Scope {
  environment: { variables: Value; output: { at?: Value } }
}
interface Execution {
  environment: Scope['environment']
}
interface Engine {
  execute(callback: (error: Error | null, execution: Execution) => void): void
}
interface Modules {
  engine: { Engine: new (options: Record<string, unknown>) => Engine }
  moddle: new () => { fromXML(xml: string): Promise<unknown> }
  serializer: {
    default(context: unknown, resolver: unknown): unknown
    TypeResolver(elements: unknown): unknown
  }
}

function diagram(): string {
  const tasks = Array.from(
    { length: 10 },
    (_, n) => `<serviceTask id="n${n}" implementation="\${environment.services.step}" />`,
  )
  const names = ['start', ...tasks.map((_, n) => `n${n}`), 'end']
  const flows = names
    .slice(1)
    .map((name, n) => `<sequenceFlow id="f${n}" sourceRef="${names[n]}" targetRef="${name}" />`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions id="w10" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://bpmn.io/schema/bpmn">
<process id="chain" isExecutable="true"><startEvent id="start" />${tasks.join('')}<endEvent id="end" />${flows.join('')}</process>
</definitions>`
}

function step(scope: Scope, done: (error: null) => void): void {
  const { variables, output } = scope.environment
  const before = output.at ?? variables
  output.at = { i: before.i + 1, pad: before.pad }
  done(null)
}

serve(async (place) => {
  const load = <K extends keyof Modules>(name: string) => fromInstall<Modules[K]>(place, name)
  const { Engine } = load<'engine'>('bpmn-engine')
  const Moddle = load<'moddle'>('bpmn-moddle')
  const { default: serialize, TypeResolver } = load<'serializer'>('moddle-context-serializer')
  const elements = fromInstall<unknown>(place, 'bpmn-elements')
  const parsed = await new Moddle().fromXML(diagram())
  const sourceContext = serialize(parsed, TypeResolver(elements))
  return {
    works: {
      w10: (i) =>
        new Promise((resolve, reject) => {
          const engine = new Engine({ sourceContext, variables: { i, pad }, services: { step } })
          engine.execute((error, execution) => {
            if (error) reject(error)
            else resolve(execution.environment.output.at?.i)
          })
        }),
    },
    async close() {},
  }
})
