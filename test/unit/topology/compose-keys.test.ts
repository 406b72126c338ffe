import { describe, expect, it } from 'vitest'
import { composeKeys, type Section } from '../../../control/topology/compose-keys.ts'
import { readWeb, refusal, withService } from './read.ts'

/** The keys of the Compose specification (schema of compose-go at e70e961, 2026-07), without Swarm's details. */
const specification: Readonly<Record<Section, string>> = {
  file: 'version name include services models networks volumes secrets configs',
  service:
    'develop deploy annotations attach build blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus cpuset credential_spec depends_on device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file label_file environment expose extends provider external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit network_mode models networks oom_kill_disable oom_score_adj pid pids_limit platform ports pre_start post_start pre_stop privileged profiles pull_policy pull_refresh_after read_only restart runtime scale security_opt shm_size secrets sysctls stdin_open stop_grace_period stop_signal storage_opt tmpfs tty ulimits use_api_socket user uts userns_mode volumes volumes_from working_dir',
  healthcheck: 'disable interval retries test timeout start_period start_interval',
  build:
    'context dockerfile dockerfile_inline entitlements args ssh labels cache_from cache_to no_cache no_cache_filter additional_contexts network provenance sbom pull target shm_size extra_hosts isolation privileged secrets tags ulimits platforms',
  dependency: 'restart required condition',
  port: 'name mode host_ip target published protocol app_protocol',
  mount: 'type source target read_only consistency bind volume tmpfs image',
  'mount-bind': 'propagation create_host_path recursive selinux',
  'mount-volume': 'labels nocopy subpath',
  volume: 'name driver driver_opts external labels',
  network: 'name driver driver_opts ipam external internal enable_ipv4 enable_ipv6 attachable labels',
  'service-network':
    'aliases interface_name ipv4_address ipv6_address link_local_ips mac_address driver_opts priority gw_priority',
  logging: 'driver options',
  ulimit: 'soft hard',
  deploy:
    'mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement',
  resources: 'limits reservations',
  limits: 'cpus memory pids',
  reservations: 'cpus memory generic_resources devices',
}

const sections = Object.keys(specification) as readonly Section[]

describe('the table of keys', () => {
  it.each(sections)('has every key of the specification, and no other: %s', section => {
    expect(Object.keys(composeKeys[section]).toSorted()).toEqual(specification[section].split(' ').toSorted())
  })

  it('gives every refusal its reason', () => {
    const rules = sections.flatMap(section => Object.values(composeKeys[section]))
    const reasons = rules.flatMap(rule => (rule.support === 'refused' ? [rule.reason] : []))

    expect(reasons.filter(reason => reason.length < 10)).toEqual([])
  })
})

const web = 'services.web'

describe('a key', () => {
  it('that concerns only containers is listed with the service', () => {
    const service = readWeb(`restart: unless-stopped
read_only: true
logging: { driver: json-file, options: { max-size: 10m } }
deploy: { resources: { limits: { memory: 512m } } }
x-own: anything`)

    expect(service.containersOnly).toEqual(['restart', 'read_only', 'logging', 'deploy'])
  })

  it.each([
    ['privileged: false', `${web}.privileged is refused: it opens this machine to the container`],
    ['network_mode: host', `${web}.network_mode is refused: it opens this machine to the container`],
    ['pid: host', `${web}.pid is refused: it opens this machine to the container`],
    ['devices: [/dev/kvm]', `${web}.devices is refused: it opens this machine to the container`],
    [
      'env_file: .env',
      `${web}.env_file is refused: settings stand under environment, passwords come from .env`,
    ],
    [
      'secrets: [key]',
      `${web}.secrets is refused: settings stand under environment, passwords come from .env`,
    ],
    ['extends: other', `${web}.extends is refused: use an anchor and a merge key, "<<: *name"`],
    [
      'entrypoint: [sh]',
      `${web}.entrypoint is refused: the native engine runs the program of the image; its arguments stand under command`,
    ],
    ['container_name: web', `${web}.container_name is refused: two stacks could not run side by side`],
    [
      'working_dir: /srv',
      `${web}.working_dir is refused: the native engine starts each service in a folder of its own`,
    ],
    [
      'deploy: { replicas: 2 }',
      `${web}.deploy.replicas is refused: it belongs to Swarm; a second worker is a service of its own`,
    ],
    [
      'build: { context: ., ssh: [default] }',
      `${web}.build.ssh is refused: it opens this machine to the container`,
    ],
    [
      'healthcheck: { test: [CMD, nc, -z, h, "1"], disable: true }',
      `${web}.healthcheck.disable is refused: leave the whole healthcheck away instead`,
    ],
    ['constructor: x', `${web}.constructor is refused: unknown key`],
    ['logging: { driver: json-file, size: 1 }', `${web}.logging.size is refused: unknown key`],
    [
      'deploy: { resources: { limits: { disk: 1g } } }',
      `${web}.deploy.resources.limits.disk is refused: unknown key`,
    ],
  ])('of a service is refused: %s', (lines, sentence) => {
    expect(refusal(withService(lines))).toEqual({
      message: `docker-compose.yml line 5: ${sentence}`,
      hint: undefined,
    })
  })

  it.each([
    ['version: "3"', 'version is refused: it is obsolete'],
    ['include: [other.yml]', 'include is refused: one file describes the system'],
    ['secrets: {}', 'secrets is refused: settings stand under environment, passwords come from .env'],
    ['configs: {}', 'configs is refused: settings stand under environment, passwords come from .env'],
    [
      'volumes: { data: { external: true } }',
      'volumes.data.external is refused: `trib down --volumes` removes every volume of the file',
    ],
    [
      'volumes: { data: { name: data } }',
      'volumes.data.name is refused: two stacks could not run side by side',
    ],
  ])('of the file is refused: %s', (line, sentence) => {
    const text = `${line}\nname: demo\nservices: { web: { image: demo/web:1 } }\n`

    expect(refusal(text).message).toBe(`docker-compose.yml line 1: ${sentence}`)
  })

  it.each([
    ['comand: [a]', 'write "command" instead of "comand"'],
    ['dependsOn: [a]', 'write "depends_on" instead of "dependsOn"'],
    [
      'healthcheck: { test: [CMD, nc, -z, h, "1"], intervall: 1s }',
      'write "interval" instead of "intervall"',
    ],
  ])('that is misspelt comes with the one that was meant: %s', (lines, hint) => {
    expect(refusal(withService(lines)).hint).toBe(hint)
  })
})
