import type { ConnectClient } from '../../connect/connect-api.ts'
import { shortClass, splitList } from '../../plan/effective-config.ts'
import { nearest } from '../../topology/nearest.ts'
import type { WorkerCheck } from '../check.ts'
import type { Observation } from '../finding.ts'
import { type Examined, setKey } from '../subjects/examined.ts'
import type { WorkerSubject } from '../subjects/worker-subject.ts'

export const workerChecks: readonly WorkerCheck[] = [
  {
    id: 'plugin-versions',
    title: 'every worker has each plugin that the connectors name, in one version',
    appliesTo: 'worker',
    run: async ({ workers, connectors }) => {
      const found = await Promise.all(
        workers.map(async worker => ({
          url: worker.url,
          plugins: await worker.plugins({ connectorsOnly: false }),
        })),
      )
      const classes = [...new Set(connectors.flatMap(({ config }) => classesOf(config)))].sort()
      return classes.flatMap(name => {
        const versions = found.map(({ url, plugins }) => {
          const plugin = plugins.find(one => one.class === name || shortClass(one.class) === shortClass(name))
          return { url, version: plugin && (plugin.version ?? 'without version') }
        })
        return differences(name, versions)
      })
    },
  },
  {
    id: 'env-resolves',
    title: 'every worker can put a value in for each ${env:…} of a config',
    appliesTo: 'worker',
    run: async subject => {
      const observations: Observation[] = []
      for (const worker of subject.workers) {
        for (const connector of subject.connectors)
          observations.push(...(await unresolved(subject, worker, connector)))
      }
      return observations
    },
  },
]

function classesOf(config: Readonly<Record<string, string>>): readonly string[] {
  const aliases = ['transforms', 'predicates'].flatMap(list =>
    splitList(config[list] ?? '').map(alias => config[`${list}.${alias}.type`]),
  )
  const converters = ['key.converter', 'value.converter', 'header.converter'].map(key => config[key])
  return [config['connector.class'], ...converters, ...aliases].flatMap(name => name?.trim() || [])
}

function differences(
  name: string,
  versions: readonly { readonly url: string; readonly version: string | undefined }[],
): readonly Observation[] {
  const without = versions.filter(({ version }) => version === undefined)
  const object = `plugin ${name}`
  if (without.length > 0) {
    const urls = without.map(({ url }) => url).join(', ')
    return [
      {
        ...{ object, severity: 'error', message: `the worker at ${urls} does not have ${name}` },
        fix: { kind: 'none', reason: 'put its folder into plugin.path there, and restart the worker' },
      },
    ]
  }
  if (new Set(versions.map(({ version }) => version)).size < 2) return []
  const list = versions.map(({ url, version }) => `${version} at ${url}`).join(', ')
  return [
    {
      ...{ object, severity: 'warning', message: `workers have different versions of ${name}: ${list}` },
      fix: { kind: 'none', reason: 'give every worker the same, and restart them one after the other' },
    },
  ]
}

/** The worker leaves a reference that it cannot resolve as it stands; what it hides, its environment tells. */
async function unresolved(
  { variables }: WorkerSubject,
  worker: ConnectClient,
  connector: Examined,
): Promise<readonly Observation[]> {
  const { name, config } = connector
  if (!Object.values(config).some(value => value.includes('${env:'))) return []
  const findings = await worker.validate({ ...config, name })
  const seen = new Set(findings.flatMap(({ unresolved: left = [] }) => left))
  return Object.entries(config).flatMap(([key, value]) => {
    const references = [...value.matchAll(/\$\{env:([^}]+)\}/g)]
    return references.flatMap(([reference, variable = '']): readonly Observation[] => {
      if (!seen.has(reference) && (variables?.has(variable) ?? true)) return []
      const guess = variables && nearest(variable, [...variables])
      return [
        {
          object: name,
          severity: 'error',
          message: `${key} holds ${reference}, for which the worker at ${worker.url} has no value`,
          fix: guess
            ? setKey(connector, key, value.replaceAll(reference, `\${env:${guess}}`))
            : {
                kind: 'none',
                reason: `give every worker ${variable} in its environment, and let config.providers.env.param.allowlist.pattern match it`,
              },
        },
      ]
    })
  })
}
