// Reads server-sent events from a fetch answer (browsers may use EventSource instead).

export interface ServerEvent {
  event: string
  id: string
  data: string
}

function parseBlock(block: string): ServerEvent | undefined {
  const event: ServerEvent = { event: 'message', id: '', data: '' }
  const data: string[] = []
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const field = line.slice(0, colon)
    const value = line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') event.event = value
    else if (field === 'id') event.id = value
  }
  return data.length > 0 ? { ...event, data: data.join('\n') } : undefined
}

/** Events as they come, until the server ends the stream. Heartbeats are left out. */
export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = parseBlock(block)
      if (event && event.event !== 'beat') yield event
    }
  }
}
