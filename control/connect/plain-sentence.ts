/** Connect's sentence without Java's classes, the list of all plugins, its advice for REST, and a config in full. */
export function plainSentence(message: string): string {
  return message
    .replace(/^(?:(?:[a-z_]\w*\.)+[A-Z][\w$]*(?:Exception|Error): )+/, '')
    .replace(/,? available connectors are: .*$/s, '')
    .replace(/\. This can be done .*$/s, '')
    .replace(/\nYou can also find the above list .*$/s, '')
    .replace(/\n at \[Source: .*$/s, '')
    .replace(/^Connector config \{.*\} contains/s, 'the config contains')
    .trim()
}

/** The single errors of `Connector configuration is invalid and contains the following 2 error(s):`. */
export function configErrorsIn(message: string): readonly string[] | undefined {
  const plain = plainSentence(message)
  if (!/Connector configuration is invalid/.test(plain)) return undefined
  return [...new Set(plain.split('\n').slice(1))]
}
