import type { Command } from 'commander'
import { TribError } from '../errors/trib-error.ts'
import { moodle } from '../scenarios/moodle.ts'
import { globalOptions, printRows, type Shell } from '../shell.ts'
import { databaseOf, publicUrl } from '../stack/database-address.ts'
import { findService, openSession } from '../stack/session.ts'
import { webLogins } from '../stack/web-logins.ts'

/** The one command that prints passwords: because it was asked to. */
export function addCredentialsCommand(program: Command, shell: Shell): void {
  program
    .command('credentials <service>')
    .description('print the users and passwords of a service')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { stack, output } = globalOptions(command)
      const session = await openSession(shell, { stackName: stack })
      const service = findService(session.topology, name)
      const address = databaseOf(service)
      const page = webLogins[name]
      if (page) {
        const password = session.settings.get(page.passwordVariable) ?? ''
        printRows(shell, [{ service: name, user: page.user, password, url: publicUrl(service) ?? null }], {
          output,
        })
        return
      }
      if (!address) {
        throw new TribError(
          'USAGE',
          `${name} asks for no password: everything it offers is open on this machine's loopback`,
          {
            hint: `services with passwords: ${session.topology.services
              .filter(one => databaseOf(one) || webLogins[one.name])
              .map(one => one.name)
              .join(', ')}`,
          },
        )
      }
      const logins = moodle.databases.find(database => database.service === name)?.logins ?? []
      const users = [
        { user: address.user, password: address.password },
        ...logins.map(({ role, passwordVariable }) => ({
          user: role,
          password: session.settings.get(passwordVariable) ?? '',
        })),
      ]
      const rows = users.map(({ user, password }) => ({
        service: name,
        user,
        password,
        url: `postgres://${user}:${password}@${address.host}:${address.port}/${address.database}`,
      }))
      printRows(shell, rows, { output })
    })
}
