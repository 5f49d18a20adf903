export interface Finding {
  about: string
  level: 'good' | 'warning' | 'bad'
  text: string
  /** Figures behind the text. */
  details?: object
}
