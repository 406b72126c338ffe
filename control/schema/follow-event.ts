/** Something that whoever watches is told, once. */
export interface FollowEvent {
  /** info: it was done; warn: somebody should know; error: it waits for a person. */
  readonly level: 'info' | 'warn' | 'error'
  /** `public.Orders`, or the connector. */
  readonly object: string
  readonly sentence: string
  /** To be pasted. (Default: nothing is to be done) */
  readonly command?: string | undefined
}
