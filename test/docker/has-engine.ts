import { askDocker } from '../../control/engines/docker/docker-cli.ts'

/** Without a usable engine this suite is counted as skipped, never as passed. */
export const hasEngine = (await askDocker(process.env)).kind === 'usable'
