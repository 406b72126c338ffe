/** Variables that the image's scripts read themselves: not settings of the broker. The native engine reads the first three. */
const notSettings = new Set([
  'KAFKA_HEAP_OPTS',
  'KAFKA_OPTS',
  'KAFKA_JVM_PERFORMANCE_OPTS',
  'KAFKA_GC_LOG_OPTS',
  'KAFKA_LOG4J_OPTS',
  'KAFKA_LOG4J_LOGGERS',
  'KAFKA_LOG4J_ROOT_LOGLEVEL',
  'KAFKA_TOOLS_LOG4J_LOGLEVEL',
  'KAFKA_JMX_OPTS',
  'KAFKA_JMX_PORT',
  'KAFKA_JMX_HOSTNAME',
  'KAFKA_VERSION',
  'KAFKA_DEBUG',
])

/**
 * The image's contract: KAFKA_LOG_DIRS is log.dirs; a double underscore is an underscore, a triple one a dash.
 * https://github.com/apache/kafka/blob/4.3.1/docker/examples/README.md
 */
export function kafkaProperties(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .filter(([name]) => name.startsWith('KAFKA_') && !notSettings.has(name))
    .map(([name, value]) => `${propertyName(name)}=${escaped(value)}\n`)
    .sort()
    .join('')
}

function propertyName(name: string): string {
  return name
    .slice('KAFKA_'.length)
    .toLowerCase()
    .replace(/_+/g, run => (run.length === 3 ? '-' : run.length === 2 ? '_' : '.'))
}

/** Java reads the file as Latin-1: a letter beyond ASCII, as in a folder's name, has to be written by its number. */
function escaped(value: string): string {
  const backslashes = value.replaceAll('\\', '\\\\')
  return [...Array(backslashes.length).keys()]
    .map(index => {
      const unit = backslashes.charCodeAt(index)
      return unit < 0x7f ? backslashes.charAt(index) : `\\u${unit.toString(16).padStart(4, '0')}`
    })
    .join('')
}
