import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../shell.ts'
import { publicUrl } from '../stack/database-address.ts'
import { openSession } from '../stack/session.ts'

export function addStatusCommand(program: Command, shell: Shell): void {
  program
    .command('status')
    .description('show every service: its state, its address')
    .action(async (_options: unknown, command: Command) => {
      const { stack, output } = globalOptions(command)
      const { engine, topology } = await openSession(shell, { stackName: stack })
      const states = await engine.status()
      const rows = topology.services.map(service => {
        const state = states.find(candidate => candidate.service === service.name)
        return {
          service: service.name,
          state: state?.state ?? 'stopped',
          engine: engine.kind,
          host: service.ports[0]?.host ?? null,
          port: service.ports[0]?.port ?? null,
          url: publicUrl(service) ?? null,
          detail: state?.detail ?? '',
        }
      })
      printRows(shell, rows, { output, columns: ['service', 'state', 'engine', 'port', 'url', 'detail'] })
      if (engine.kind === 'native' && output === 'table') {
        const keys = [...new Set(topology.services.flatMap(({ containersOnly }) => containersOnly))].sort()
        if (keys.length > 0)
          shell.writeErr(`\nof docker-compose.yml, only containers honour: ${keys.join(', ')}\n`)
      }
    })
}
