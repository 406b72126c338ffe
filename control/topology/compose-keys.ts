/** What becomes of a key of the compose file. A key that stands in no table is refused, never ignored. */
export type KeyRule = HonouredKey | ContainersOnlyKey | RefusedKey

/** Both engines do what it says. */
interface HonouredKey extends Inner {
  readonly support: 'honoured'
}

/** It walls a container in, or names it; natively there is nothing to wall in, and `status` lists it. */
interface ContainersOnlyKey extends Inner {
  readonly support: 'containers-only'
}

interface RefusedKey {
  readonly support: 'refused'
  readonly reason: string
}

interface Inner {
  /** The section with the keys of its value, or with those of each member of its value. */
  readonly keys?: Section
  readonly memberKeys?: Section
}

/** A place in the file with keys of its own. */
export type Section =
  | 'file'
  | 'service'
  | 'healthcheck'
  | 'build'
  | 'dependency'
  | 'port'
  | 'mount'
  | 'mount-bind'
  | 'mount-volume'
  | 'volume'
  | 'network'
  | 'service-network'
  | 'logging'
  | 'ulimit'
  | 'deploy'
  | 'resources'
  | 'limits'
  | 'reservations'

const honoured: KeyRule = { support: 'honoured' }
const containersOnly: KeyRule = { support: 'containers-only' }
const refused = (reason: string): KeyRule => ({ support: 'refused', reason })

const notNative = refused('the native engine has nothing like it')
const opensHost = refused('it opens this machine to the container')
const resolvedHere = refused('the native engine finds names as this machine does')
const swarmOnly = refused('it belongs to Swarm; a second worker is a service of its own')
const oneFile = refused('one file describes the system')
const inEnvironment = refused('settings stand under environment, passwords come from .env')
const byTheStack = refused('two stacks could not run side by side')
const windowsOnly = refused('it is for Windows containers')
const commandsInside = refused('the native engine runs nothing inside a container')

/**
 * Every key that the Compose specification knows, by the place where it stands; a test holds this table and its
 * own list of the specification's keys equal. `x-…` is allowed everywhere.
 */
export const composeKeys: Readonly<Record<Section, Readonly<Record<string, KeyRule>>>> = {
  file: {
    name: honoured,
    services: { support: 'honoured', memberKeys: 'service' },
    volumes: { support: 'honoured', memberKeys: 'volume' },
    networks: { support: 'containers-only', memberKeys: 'network' },
    version: refused('it is obsolete'),
    include: oneFile,
    configs: inEnvironment,
    secrets: inEnvironment,
    models: notNative,
  },
  service: {
    image: honoured,
    build: { support: 'honoured', keys: 'build' },
    command: honoured,
    environment: honoured,
    ports: { support: 'honoured', memberKeys: 'port' },
    volumes: { support: 'honoured', memberKeys: 'mount' },
    depends_on: { support: 'honoured', memberKeys: 'dependency' },
    healthcheck: { support: 'honoured', keys: 'healthcheck' },
    profiles: honoured,
    stop_signal: honoured,
    stop_grace_period: honoured,

    annotations: containersOnly,
    attach: containersOnly,
    blkio_config: containersOnly,
    cap_add: containersOnly,
    cap_drop: containersOnly,
    cpu_count: containersOnly,
    cpu_percent: containersOnly,
    cpu_period: containersOnly,
    cpu_quota: containersOnly,
    cpu_rt_period: containersOnly,
    cpu_rt_runtime: containersOnly,
    cpu_shares: containersOnly,
    cpus: containersOnly,
    cpuset: containersOnly,
    deploy: { support: 'containers-only', keys: 'deploy' },
    domainname: containersOnly,
    expose: containersOnly,
    group_add: containersOnly,
    hostname: containersOnly,
    init: containersOnly,
    labels: containersOnly,
    logging: { support: 'containers-only', keys: 'logging' },
    mac_address: containersOnly,
    mem_limit: containersOnly,
    mem_reservation: containersOnly,
    mem_swappiness: containersOnly,
    memswap_limit: containersOnly,
    networks: { support: 'containers-only', memberKeys: 'service-network' },
    oom_kill_disable: containersOnly,
    oom_score_adj: containersOnly,
    pids_limit: containersOnly,
    platform: containersOnly,
    pull_policy: containersOnly,
    pull_refresh_after: containersOnly,
    read_only: containersOnly,
    restart: containersOnly,
    runtime: containersOnly,
    security_opt: containersOnly,
    shm_size: containersOnly,
    stdin_open: containersOnly,
    storage_opt: containersOnly,
    tmpfs: containersOnly,
    tty: containersOnly,
    ulimits: { support: 'containers-only', memberKeys: 'ulimit' },
    user: containersOnly,

    cgroup: opensHost,
    cgroup_parent: opensHost,
    configs: inEnvironment,
    container_name: byTheStack,
    credential_spec: windowsOnly,
    develop: notNative,
    device_cgroup_rules: opensHost,
    devices: opensHost,
    dns: resolvedHere,
    dns_opt: resolvedHere,
    dns_search: resolvedHere,
    entrypoint: refused('the native engine runs the program of the image; its arguments stand under command'),
    env_file: inEnvironment,
    extends: refused('use an anchor and a merge key, "<<: *name"'),
    external_links: resolvedHere,
    extra_hosts: resolvedHere,
    gpus: opensHost,
    ipc: opensHost,
    isolation: windowsOnly,
    label_file: oneFile,
    links: resolvedHere,
    models: notNative,
    network_mode: opensHost,
    pid: opensHost,
    post_start: commandsInside,
    pre_start: commandsInside,
    pre_stop: commandsInside,
    privileged: opensHost,
    provider: notNative,
    scale: swarmOnly,
    secrets: inEnvironment,
    sysctls: notNative,
    use_api_socket: opensHost,
    userns_mode: opensHost,
    uts: opensHost,
    volumes_from: refused('each service names its own volumes'),
    working_dir: refused('the native engine starts each service in a folder of its own'),
  },
  healthcheck: {
    test: honoured,
    interval: honoured,
    timeout: honoured,
    retries: honoured,
    start_period: honoured,
    start_interval: honoured,
    disable: refused('leave the whole healthcheck away instead'),
  },
  // Natively every service runs what the clone has, so how an image is made concerns only containers.
  build: {
    context: honoured,
    dockerfile: honoured,
    additional_contexts: containersOnly,
    args: containersOnly,
    cache_from: containersOnly,
    cache_to: containersOnly,
    labels: containersOnly,
    network: containersOnly,
    no_cache: containersOnly,
    no_cache_filter: containersOnly,
    platforms: containersOnly,
    provenance: containersOnly,
    pull: containersOnly,
    sbom: containersOnly,
    shm_size: containersOnly,
    tags: containersOnly,
    target: containersOnly,
    ulimits: { support: 'containers-only', memberKeys: 'ulimit' },
    dockerfile_inline: refused('a Dockerfile is a file of its own'),
    entitlements: opensHost,
    extra_hosts: resolvedHere,
    isolation: windowsOnly,
    privileged: opensHost,
    secrets: inEnvironment,
    ssh: opensHost,
  },
  dependency: {
    condition: honoured,
    restart: containersOnly,
    required: refused('a service needs what it names'),
  },
  port: {
    host_ip: honoured,
    published: honoured,
    target: honoured,
    protocol: honoured,
    app_protocol: containersOnly,
    name: containersOnly,
    mode: swarmOnly,
  },
  mount: {
    type: honoured,
    source: honoured,
    target: honoured,
    read_only: honoured,
    bind: { support: 'containers-only', keys: 'mount-bind' },
    consistency: containersOnly,
    image: notNative,
    tmpfs: refused('it is a key of the service'),
    volume: { support: 'containers-only', keys: 'mount-volume' },
  },
  'mount-bind': {
    create_host_path: containersOnly,
    selinux: containersOnly,
    propagation: opensHost,
    recursive: opensHost,
  },
  'mount-volume': { labels: containersOnly, nocopy: containersOnly, subpath: notNative },
  volume: {
    driver: containersOnly,
    driver_opts: containersOnly,
    labels: containersOnly,
    external: refused('`trib down --volumes` removes every volume of the file'),
    name: byTheStack,
  },
  network: {
    attachable: containersOnly,
    driver: containersOnly,
    driver_opts: containersOnly,
    enable_ipv4: containersOnly,
    enable_ipv6: containersOnly,
    internal: containersOnly,
    ipam: containersOnly,
    labels: containersOnly,
    external: refused('the stack brings its own networks'),
    name: byTheStack,
  },
  'service-network': {
    driver_opts: containersOnly,
    gw_priority: containersOnly,
    interface_name: containersOnly,
    priority: containersOnly,
    aliases: resolvedHere,
    ipv4_address: byTheStack,
    ipv6_address: byTheStack,
    link_local_ips: byTheStack,
    mac_address: containersOnly,
  },
  logging: { driver: containersOnly, options: containersOnly },
  ulimit: { soft: containersOnly, hard: containersOnly },
  deploy: {
    resources: { support: 'containers-only', keys: 'resources' },
    endpoint_mode: swarmOnly,
    labels: swarmOnly,
    mode: swarmOnly,
    placement: swarmOnly,
    replicas: swarmOnly,
    restart_policy: refused('the key "restart" of the service says it'),
    rollback_config: swarmOnly,
    update_config: swarmOnly,
  },
  resources: {
    limits: { support: 'containers-only', keys: 'limits' },
    reservations: { support: 'containers-only', keys: 'reservations' },
  },
  limits: { cpus: containersOnly, memory: containersOnly, pids: containersOnly },
  reservations: {
    cpus: containersOnly,
    memory: containersOnly,
    devices: opensHost,
    generic_resources: opensHost,
  },
}
