export type HttpErrorCode = 'http-timeout' | 'response-too-large' | 'too-many-redirects' | 'bad-encoding'

/** What went wrong with an answer; whatever goes wrong below HTTP keeps the code of the system. */
export class HttpError extends Error {
  readonly code: HttpErrorCode

  constructor(code: HttpErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'HttpError'
    this.code = code
  }
}
