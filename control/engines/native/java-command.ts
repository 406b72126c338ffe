import { join } from 'node:path'

interface JavaCommandOptions {
  readonly libsDir: string
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
}

/** The arguments that Kafka's own start scripts would pass to Java for this class. */
export function javaArguments(
  mainClass: string,
  args: readonly string[],
  options: JavaCommandOptions,
): string[] {
  const { libsDir, root, environment } = options
  const words = (name: string) => (environment[name] ?? '').split(/\s+/).filter(Boolean)
  return [
    ...words('KAFKA_HEAP_OPTS'),
    ...words('KAFKA_JVM_PERFORMANCE_OPTS'),
    ...words('KAFKA_OPTS'),
    `-Dlog4j2.configurationFile=${join(root, 'connectors', 'log4j2.properties')}`,
    '-Djava.awt.headless=true',
    // Else every JVM leaves a file under /tmp while it lives, and its folder for ever.
    '-XX:-UsePerfData',
    '-cp',
    join(libsDir, '*'),
    mainClass,
    ...args,
  ]
}
