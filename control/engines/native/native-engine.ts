import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import { explainFullDisk, refuseFullDisk } from '../../stack/disk-space.ts'
import type { Stack } from '../../stack/stack.ts'
import { stopOrder } from '../../topology/start-order.ts'
import type { Service, Topology } from '../../topology/topology.ts'
import type { Engine, LogOptions, PrepareOptions, StartOptions, StopOptions } from '../engine.ts'
import { checkPorts } from '../port-check.ts'
import { startInOrder } from '../start-in-order.ts'
import { connectRecipe } from './connect-recipe.ts'
import { followLog } from './follow-log.ts'
import { baseEnvironment, locateData, makeWay, refuseUnreachable, removeData } from './ground.ts'
import { installJars } from './jars.ts'
import { findJava } from './java.ts'
import { kafkaRecipe } from './kafka-recipe.ts'
import { endService, ensureRunning, statusOf, untilHealthy } from './native-service.ts'
import { reasonNotRun, repositoryOf } from './optional-program.ts'
import { installPostgresBinaries } from './postgres-binaries.ts'
import { postgresRecipe } from './postgres-recipe.ts'
import { programRecipe } from './program-recipe.ts'
import type { Ground, Recipe } from './recipe.ts'
import { recordedServices, runningRecord, serviceFolder } from './service-record.ts'
import { tribRecipe } from './trib-recipe.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

/** By image, without its tag: which real program carries out the image's contract. */
const recipes: Readonly<Record<string, Recipe>> = {
  'apache/kafka': kafkaRecipe,
  postgres: postgresRecipe,
  'tributary/connect': connectRecipe,
  'tributary/trib': tribRecipe,
  'prom/prometheus': programRecipe,
  'prom/alertmanager': programRecipe,
}

interface NativeEngineOptions {
  readonly stack: Stack
  readonly topology: Topology
  readonly cacheDir: string
  readonly launcher: string
  readonly env: NodeJS.ProcessEnv
  /** Ports by variable, to name the variable when a port is taken. */
  readonly settings: ReadonlyMap<string, string>
}

export function createNativeEngine(options: NativeEngineOptions): Engine {
  const { stack, topology, cacheDir, launcher, env, settings } = options
  const folderOf = (service: Service) => serviceFolder(stack.folder, service.name)
  const runnable = {
    ...topology,
    services: topology.services.filter(service => reasonNotRun(service, env) === undefined),
  }
  let ground: Ground | undefined

  const installParts = async ({ signal, onProgress }: PrepareOptions) => {
    try {
      const postgres = await installPostgresBinaries({ cacheDir, signal, packageRoot: stack.root })
      const jars = await installJars({ root: stack.root, cacheDir, env, signal, onProgress })
      return { postgres, jars }
    } catch (error) {
      throw explainFullDisk(error, cacheDir)
    }
  }

  return {
    kind: 'native',
    topology,

    async prepare({ signal, onProgress }: PrepareOptions) {
      for (const service of runnable.services) recipeOf(service)
      const java = await findJava(env)
      await checkPorts(
        topology,
        settings,
        name => runningRecord(serviceFolder(stack.folder, name)) !== undefined,
      )
      const postgresUser = unprivilegedUser()
      if (runnable.services.some(service => !runningRecord(folderOf(service))))
        for (const folder of [stack.folder, locateData(stack, postgresUser)]) refuseFullDisk(folder)
      const { postgres, jars } = await installParts({ signal, onProgress })
      refuseUnreachable(postgresUser, cacheDir)
      ground = {
        java,
        jars,
        postgres,
        postgresUser,
        launcher,
        stackName: stack.name,
        root: stack.root,
        baseEnvironment: baseEnvironment(env),
      }
    },

    async start({ signal, onChange, onStarted }: StartOptions) {
      const prepared = ground
      if (!prepared) throw new Error('prepare() comes before start()')
      const dataDir = locateData(stack, prepared.postgresUser)
      makeWay(stack, dataDir, prepared.postgresUser)
      await startInOrder(runnable, signal, {
        start: async (service, groupSignal) => {
          const folder = folderOf(service)
          const context = { ...prepared, service, folder, signal: groupSignal }
          const name = service.name
          onChange({ service: name, state: 'starting', detail: 'starting', id: undefined })
          const { hasStarted, record } = await ensureRunning(recipeOf(service), context)
          const id = String(record.pid)
          if (hasStarted) onStarted(name)
          const untilReady = untilHealthy(service, folder, {
            record,
            signal: groupSignal,
            onDetail: detail => onChange({ service: name, state: 'starting', detail, id }),
          })
          return {
            healthy: untilReady.then(() => onChange({ service: name, state: 'healthy', detail: '', id })),
          }
        },
        onWaiting: (service, detail) =>
          onChange({ service: service.name, state: 'stopped', detail, id: undefined }),
      }).catch(error => {
        throw explainFullDisk(error, dataDir)
      })
    },

    status: () =>
      Promise.all(
        topology.services.map(service => {
          const detail = reasonNotRun(service, env)
          if (detail === undefined) return statusOf(service, folderOf(service))
          return { service: service.name, state: 'stopped' as const, detail, id: undefined }
        }),
      ),

    async stop({ services, isRemovingData = false, onChange }: StopOptions) {
      const ended: string[] = []
      const known = stopOrder(topology)
      // Also what an older compose file started: a record whose service is gone must not be a process for ever.
      const forgotten = recordedServices(stack.folder).filter(name => !known.flat().includes(name))
      for (const layer of [...known, forgotten]) {
        const chosen = layer.filter(name => !services || services.includes(name))
        await Promise.all(
          chosen.map(async name => {
            const folder = serviceFolder(stack.folder, name)
            if (runningRecord(folder)) onChange?.(name, 'stopping')
            if (!(await endService(folder))) return
            ended.push(name)
            onChange?.(name, 'stopped')
          }),
        )
      }
      if (isRemovingData) {
        removeData(stack)
        rmSync(join(stack.folder, 'services'), { recursive: true, force: true })
      }
      return ended
    },

    logs: (service: Service, logOptions: LogOptions) =>
      followLog(folderOf(service), service.name, logOptions),
  }
}

function recipeOf(service: Service): Recipe {
  const recipe = recipes[repositoryOf(service)]
  if (recipe) return recipe
  throw new TribError(
    'ENGINE_UNAVAILABLE',
    `service ${service.name} runs the image ${service.image}, for which the native engine has no program`,
    {
      hint: 'start it on Docker: npm run up -- --engine docker',
    },
  )
}
