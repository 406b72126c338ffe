import { routes } from './routes.ts'

export interface FoundRoute {
  /** `GET /connectors/{name}/status` */
  readonly template: string
  readonly name: string
  readonly task: number
}

const patterns = Object.keys(routes).map(template => ({
  template,
  pattern: new RegExp(`^${template.replace('{name}', '(?<name>[^/]+)').replace('{task}', '(?<task>\\d+)')}$`),
}))

export function findRoute(method: string, path: string): FoundRoute | undefined {
  for (const { template, pattern } of patterns) {
    const groups = pattern.exec(`${method} ${path}`)
    if (groups)
      return {
        template,
        name: decodeURIComponent(groups.groups?.['name'] ?? ''),
        task: Number(groups.groups?.['task'] ?? -1),
      }
  }
  return undefined
}
