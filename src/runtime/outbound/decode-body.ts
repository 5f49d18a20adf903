// Content encodings, undone within a limit: a few kilobytes must not become gigabytes.
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { HttpError } from './http-error.ts'

export const acceptedEncodings = 'gzip, deflate, br, zstd'

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>

const gzip: Decoder = promisify(gunzip)
const decoders: Record<string, Decoder> = {
  gzip,
  'x-gzip': gzip,
  // Servers disagree whether deflate has the zlib header; the low nibble of the first byte tells.
  deflate: (body, options) => promisify(((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(body, options),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}
const mostLayers = 3

/** Throws HttpError `response-too-large`, or `bad-encoding` for what is unknown or broken. */
export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const layers = contentEncoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
  const coded = layers.filter((layer) => layer !== '' && layer !== 'identity').reverse()
  if (body.length === 0 || coded.length === 0) return body
  if (coded.length > mostLayers) throw new HttpError('bad-encoding', 'The answer is encoded too many times')
  let plain = body
  for (const layer of coded) plain = await undo(layer, plain, maxBytes)
  return plain
}

async function undo(layer: string, body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const decoder = Object.hasOwn(decoders, layer) ? decoders[layer] : undefined
  if (!decoder)
    throw new HttpError('bad-encoding', `The answer is encoded as ${layer}, which is not known here`)
  try {
    return await decoder(body, { maxOutputLength: maxBytes })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new HttpError('bad-encoding', `The answer is not valid ${layer}`, cause)
  }
}

export function tooLarge(maxBytes: number): HttpError {
  return new HttpError('response-too-large', `The answer is larger than ${maxBytes} bytes`)
}
